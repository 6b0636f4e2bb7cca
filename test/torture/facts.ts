/** All that there is to know afterwards: the store's tables, Temporal's executions, what the peer took, what was acknowledged. */
import type { Selectable } from 'kysely';
import type { Database, Db } from '../../src/db';
import type { Acknowledged } from './acknowledged';
import { generationsOf } from './contents';
import { currentGeneration } from './deploys';
import type { Handover } from './peer';
import type { World } from './world';

type Row<T extends keyof Database> = Selectable<Database[T]>;

export interface ExecutionFact {
  workflowId: string;
  temporalRunId: string;
  status: string;
}

export interface Facts {
  people: Row<'people'>[];
  events: Row<'events'>[];
  messageIds: Row<'message_ids'>[];
  runs: Row<'runs'>[];
  steps: Row<'run_steps'>[];
  decisions: Row<'decisions'>[];
  sends: Row<'sends'>[];
  attempts: Row<'attempts'>[];
  consents: Row<'consents'>[];
  /** How many rows are left of what should be empty by now. */
  left: Record<'pending' | 'deliveries' | 'dispatch', number>;
  executions: ExecutionFact[];
  /** Of each version of the code: its generation. */
  generations: Map<string, number>;
  /** What all processes ended on, and what Temporal gives new runs to. */
  newest: number;
  current: number | undefined;
  handovers: Handover[];
  known: Acknowledged;
  /** Ids of those whom somebody else was merged into: what was theirs when is known of some of it only. */
  merged: Set<string>;
}

export async function gatherFacts(world: World): Promise<Facts> {
  const { stack, temporal, peer, known, contents } = world;
  const { db } = stack;
  const all = <T extends keyof Database>(table: T) => db.selectFrom(table).selectAll().execute() as Promise<Row<T>[]>;
  const people = await all('people');
  const executions: ExecutionFact[] = [];
  for await (const { workflowId, runId, status } of temporal.workflow.list({ query: `TaskQueue = 'sojourn'` })) {
    executions.push({ workflowId, temporalRunId: runId, status: status.name });
  }
  return {
    people,
    events: await all('events'),
    messageIds: await all('message_ids'),
    runs: await all('runs'),
    steps: await all('run_steps'),
    decisions: (await all('decisions')).sort((a, b) => Number(a.number) - Number(b.number)),
    sends: await all('sends'),
    attempts: (await all('attempts')).sort((a, b) => Number(a.number) - Number(b.number)),
    consents: await all('consents'),
    left: {
      pending: await count(db, 'pending'),
      deliveries: await count(db, 'deliveries'),
      dispatch: await count(db, 'dispatch'),
    },
    executions,
    generations: await generationsOf(db),
    newest: contents.generation(),
    current: await currentGeneration(world),
    handovers: peer.handovers,
    known,
    merged: new Set(people.flatMap(({ merged_into }) => merged_into ?? [])),
  };
}

async function count(db: Db, table: 'pending' | 'deliveries' | 'dispatch'): Promise<number> {
  const { n } = await db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<string>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** By the value that `of` has of each. */
export function groupBy<T>(rows: readonly T[], of: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = of(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
