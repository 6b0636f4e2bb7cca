/**
 * The leanest program of Sojourn's shape, and nothing of what Sojourn promises: only what a run must hear is signalled,
 * its timer is lazy, and its one read is a local activity.
 */
import { condition, defineSignal, proxyActivities, proxyLocalActivities, setHandler } from '@temporalio/workflow';
import type * as activities from './activities';

const { sendReminder } = proxyActivities<typeof activities>({ startToCloseTimeout: '30 seconds' });
const { look } = proxyLocalActivities<typeof activities>({ startToCloseTimeout: '2 seconds' });

export const purchaseSignal = defineSignal('purchase');

export async function leanCart(userId: string, email: string, idleMs: number): Promise<string> {
  let purchased = false;
  setHandler(purchaseSignal, () => void (purchased = true));
  for (let left = idleMs; ;) {
    if (await condition(() => purchased, left)) return 'purchased';
    const { lastSeenAt, isOpen } = await look(userId);
    left = lastSeenAt + idleMs - Date.now();
    if (left > 0) continue;
    if (!isOpen) return 'emptied';
    await sendReminder(userId, email);
    return 'reminded';
  }
}
