/**
 * The leanest program that makes the calls of a run of Sojourn, and nothing of what Sojourn promises: only what a run must
 * hear is signalled, its timer is lazy, what it asks and what it comes to are local activities, and it sends one mail.
 */
import { condition, defineSignal, proxyActivities, proxyLocalActivities, setHandler } from '@temporalio/workflow';
import type * as activities from './activities';

const { sendReminder } = proxyActivities<typeof activities>({ startToCloseTimeout: '30 seconds' });
const { cartIsOpen, lastActive, record } = proxyLocalActivities<typeof activities>({
  startToCloseTimeout: '2 seconds',
});

export const purchaseSignal = defineSignal('purchase');

export async function leanCart(userId: string, email: string, idleMs: number): Promise<string> {
  let purchased = false;
  setHandler(purchaseSignal, () => void (purchased = true));
  const outcome = await remind(userId, email, idleMs, () => purchased);
  await record(userId, outcome);
  return outcome;
}

async function remind(userId: string, email: string, idleMs: number, purchased: () => boolean): Promise<string> {
  await record(userId, 'waits');
  for (let left = idleMs; left > 0;) {
    if (await condition(purchased, left)) return 'purchased';
    left = (await lastActive(userId)) + idleMs - Date.now();
  }
  if (!(await cartIsOpen(userId))) return 'emptied';
  await sendReminder(userId, email);
  return 'reminded';
}
