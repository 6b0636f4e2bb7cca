/** Cart abandonment as one writes it from Temporal's samples: each event a signal, the timer starts anew with each. */
import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import type * as activities from './activities';
import type { ShopEvent } from './event';

const { cartIsOpen, sendReminder } = proxyActivities<typeof activities>({ startToCloseTimeout: '30 seconds' });

export const eventSignal = defineSignal<[ShopEvent]>('event');

export async function cartAbandonment(userId: string, email: string, idleMs: number): Promise<string> {
  let purchased = false;
  let active = false;
  setHandler(eventSignal, (event) => {
    if (event.event === 'purchase') purchased = true;
    active = true;
  });

  do active = false;
  while ((await condition(() => active || purchased, idleMs)) && !purchased);
  if (purchased) return 'purchased';

  if (!(await cartIsOpen(userId))) return 'emptied';
  await sendReminder(userId, email);
  return 'reminded';
}
