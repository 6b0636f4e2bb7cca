/** Keys, the switches of messages, and what the stack is made of. */
import { PageHead } from '../parts/page-head';
import { Keys } from './keys';
import { MessageSwitches } from './message-switches';
import { Stack } from './stack';

export function SettingsPage() {
  return (
    <>
      <PageHead title="Settings" />
      <Keys />
      <MessageSwitches />
      <Stack />
    </>
  );
}
