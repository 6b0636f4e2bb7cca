/** After the trouble: waits until nothing is on its way any more, or says what still is. */
import { sql } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from './world';

/** What is on its way; empty when it is calm. */
async function onItsWay({ stack: { db } }: World): Promise<Record<string, number>> {
  const { rows } = await sql<Record<string, string>>`
    select (select count(*) from sojourn.pending) as pending, (select count(*) from sojourn.deliveries) as deliveries,
      (select count(*) from sojourn.dispatch) as dispatch,
      (select count(*) from sojourn.runs where state = 'live') as "live runs",
      (select count(*) from sojourn.sends where state = 'attempting') as attempts`.execute(db);
  return Object.fromEntries(
    Object.entries(rows[0] ?? {})
      .map(([what, count]) => [what, Number(count)] as const)
      .filter(([, count]) => count > 0),
  );
}

async function openExecutions({ temporal }: World): Promise<number> {
  const { count } = await temporal.workflow.count(`TaskQueue = 'sojourn' AND ExecutionStatus = 'Running'`);
  return count;
}

/** Resolves with what is still on its way after `withinMs`, or once `signal` is aborted: nothing, if all is well. */
export async function calmDown(world: World, withinMs: number, signal?: AbortSignal): Promise<Record<string, number>> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const left = await onItsWay(world).catch(() => ({ store: 1 }));
    const open = await openExecutions(world).catch(() => 1);
    if (open > 0) Object.assign(left, { 'open executions': open });
    if (Object.keys(left).length === 0 || signal?.aborted || Date.now() > giveUpAt) return left;
    await sleep(500);
  }
}
