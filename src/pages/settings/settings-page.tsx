/** Keys, the switches of messages, what was changed by whom, and what the stack is made of. */
import { PageHead } from '../parts/page-head';
import { Changes } from './changes';
import { Keys } from './keys';
import { MessageSwitches } from './message-switches';
import { Stack } from './stack';

export function SettingsPage() {
  return (
    <>
      <PageHead title="Settings" />
      <Keys />
      <MessageSwitches />
      <Changes />
      <Stack />
    </>
  );
}
