/** What people with a Temporal client do to runs: plain starts and signals, and terminating, cancelling and resetting. */
import type { Client } from '@temporalio/client';
import type { InTemporal } from './acknowledged';
import { deadlineIn } from './deadline';
import { finishedTasks, resetTo } from '../support';
import type { Seeded } from '../support/seeded';
import type { World } from './world';

/** Does one of these to a run of this person, if Temporal is there and has one. */
export async function meddle(world: World, random: Seeded, userId: string, messageId: string): Promise<void> {
  const how = random.pick(['start', 'start', 'signal', 'signal', 'terminate', 'cancel', 'reset', 'reset'] as const);
  const doing =
    how === 'start' ? start(world, random, userId, messageId) : disturb(world, random, how, userId, messageId);
  // Temporal may be away, and the run over: nothing was acknowledged then.
  await deadlineIn(8_000, doing).catch(() => undefined);
}

async function start({ temporal, known }: World, random: Seeded, userId: string, messageId: string): Promise<void> {
  const journey = random.pick(['reminder', 'asked', 'listener']);
  const workflowId = `${journey}/${userId}`;
  const args = [random.chance(0.5) ? { userId, messageId, properties: { value: 80 } } : { userId }];
  const { firstExecutionRunId } = await temporal.workflow.start(journey, { taskQueue: 'sojourn', workflowId, args });
  known.inTemporal.push({ did: 'start', workflowId, temporalRunId: firstExecutionRunId, at: Date.now() });
}

async function disturb(
  world: World,
  random: Seeded,
  did: 'signal' | 'terminate' | 'cancel' | 'reset',
  userId: string,
  messageId: string,
): Promise<void> {
  const { stack, temporal, known } = world;
  const runs = await stack.db
    .selectFrom('runs')
    .innerJoin('people', 'people.id', 'runs.person_id')
    .select(['runs.id', 'workflow_id', 'temporal_run_id'])
    .where('people.user_id', '=', userId)
    .where('runs.temporal_run_id', 'is not', null)
    .orderBy('runs.id', 'desc')
    .limit(4)
    .execute();
  if (runs.length === 0) return;
  const { id: run, workflow_id: workflowId, temporal_run_id } = random.pick(runs);
  const temporalRunId = temporal_run_id!; // as was asked for
  const handle = temporal.workflow.getHandle(workflowId, temporalRunId);
  const doing: InTemporal = { did, workflowId, temporalRunId, run, messageId, at: Date.now() };
  const done = () => known.inTemporal.push(doing);
  // What was not acknowledged may have been done all the same; only of a signal does it matter that it was.
  if (did !== 'signal') done();
  if (did === 'signal') {
    const event = random.pick(['view_item', 'logout', 'browse']);
    // Above all that the person's own items are numbered by.
    const properties = event === 'view_item' ? { n: 1_000 + random.below(1_000_000) } : {};
    await handle.signal('event', { event, properties, messageId });
    done();
  } else if (did === 'terminate') await handle.terminate('by hand');
  else if (did === 'cancel') await handle.cancel();
  else await reset(temporal, random, doing, { workflowId, runId: temporalRunId });
}

/** To any of its finished workflow tasks. */
async function reset(
  client: Client,
  random: Seeded,
  doing: InTemporal,
  execution: { workflowId: string; runId: string },
): Promise<void> {
  const finished = await finishedTasks(client, execution);
  if (finished.length === 0) return;
  const to = random.pick(finished);
  doing.fromStart = to === finished[0];
  await resetTo(client, execution, to);
}
