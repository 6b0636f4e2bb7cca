/** The ledger as the API and the pages show it. Reads only. */
import { sql } from 'kysely';
import type { Db, SendState } from '../db';
import { keyedColumn, type Keyed } from '../runs';

export interface SendView {
  id: string;
  message: string;
  channel: string;
  topic: string | null;
  kind: string;
  state: SendState;
  reason: string | null;
  journey: string;
  step: string;
  runId: string;
  personId: string;
  userId: string | null;
  address: string | null;
  subject: string | null;
  attempts: number;
  provider: string | null;
  providerId: string | null;
  createdAt: Date;
  attemptedAt: Date | null;
  settledAt: Date | null;
}

export interface AttemptView {
  attempt: number;
  number: string;
  claimedAt: Date;
  outcome: string | null;
  error: string | null;
}

export interface SendDetail extends SendView {
  stepKey: string;
  props: Record<string, unknown>;
  receipt: Record<string, unknown> | null;
  tries: AttemptView[];
  links: string[];
  /** Of its run; null when that is gone. */
  keyed: Keyed | null;
  workflowId: string | null;
  temporalRunId: string | null;
}

/** A place in the ledger, which is ordered by creation. */
export interface Before {
  at: Date;
  /** Empty for everything before `at`. */
  id: string;
}

export interface SendFilter {
  personIds?: string[];
  journey?: string;
  state?: SendState;
  before?: Before;
  limit: number;
}

function selectSends(db: Db) {
  return db
    .selectFrom('sends')
    .leftJoin('people', 'people.id', 'sends.person_id')
    .select([
      'sends.id',
      'sends.message',
      'sends.channel',
      'sends.topic',
      'sends.kind',
      'sends.state',
      'sends.reason',
      'sends.journey',
      'sends.step',
      'sends.run_id as runId',
      'sends.person_id as personId',
      'people.user_id as userId',
      'sends.address',
      'sends.subject',
      'sends.attempts',
      'sends.provider',
      'sends.provider_id as providerId',
      'sends.created_at as createdAt',
      'sends.attempted_at as attemptedAt',
      'sends.settled_at as settledAt',
    ]);
}

/** Newest first. */
export async function listSends(db: Db, { personIds, journey, state, before, limit }: SendFilter): Promise<SendView[]> {
  let query = selectSends(db).orderBy('sends.created_at', 'desc').orderBy('sends.id', 'desc').limit(limit);
  if (personIds !== undefined) {
    // Each of several merged ids is read in its index's order and no further than the page: neither how much they got
    // nor how much everybody else got makes a page slower.
    const page = sql`(
      select s.id from unnest(${personIds}::bigint[]) as p (id) cross join lateral (
        select id from sojourn.sends
        where person_id = p.id
          ${before ? sql`and (created_at, id) < (${before.at}, ${before.id})` : sql``}
          ${journey === undefined ? sql`` : sql`and journey = ${journey}`}
          ${state === undefined ? sql`` : sql`and state = ${state}`}
        order by created_at desc, id desc limit ${limit}
      ) s)`;
    return query.where(sql<boolean>`sends.id in ${page}`).execute();
  }
  if (journey !== undefined) query = query.where('sends.journey', '=', journey);
  if (state !== undefined) query = query.where('sends.state', '=', state);
  if (before) query = query.where(sql<boolean>`(sends.created_at, sends.id) < (${before.at}, ${before.id})`);
  return query.execute();
}

export async function readSend(db: Db, id: string): Promise<SendDetail | undefined> {
  const [send, tries, links] = await Promise.all([
    selectSends(db)
      .leftJoin('runs', 'runs.id', 'sends.run_id')
      .select([
        'sends.step_key as stepKey',
        'sends.props',
        'sends.receipt',
        keyedColumn,
        'runs.workflow_id as workflowId',
        'runs.temporal_run_id as temporalRunId',
      ])
      .where('sends.id', '=', id)
      .executeTakeFirst(),
    db
      .selectFrom('attempts')
      .select(['attempt', 'number', 'claimed_at as claimedAt', 'outcome', 'error'])
      .where('send_id', '=', id)
      .orderBy('attempt')
      .execute(),
    db.selectFrom('links').select('url').where('send_id', '=', id).orderBy('position').execute(),
  ]);
  return send && { ...send, tries, links: links.map(({ url }) => url) };
}
