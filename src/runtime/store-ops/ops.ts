/** The operations of the port against PostgreSQL: what a run on Temporal reads, reports and sends. */
import { sql } from 'kysely';
import { journeyEventOf, ownMessageId, type Accept } from '../../events';
import type { Clock } from '../../clock';
import type { Db } from '../../db';
import { hears, pickVariant, type Carried, type Ending, type JourneyEvent, type Ops, type RunRef } from '../../journey';
import { backgroundColumns, backgroundJoins, backgroundOf, type BackgroundRow, type Sender } from '../../messaging';
import { withoutAddressesIn } from '../../runs';
import type { Decider } from '../../routing';
import { askAbout, type Checks } from './ask';
import { carry, carrying, type Caller, type Carrying } from './carry';
import { finish } from './finish';

export interface StoreOpsParts {
  db: Db;
  clock: Clock;
  accept: Accept;
  decider: Decider;
  checks: Checks;
  /** Called when a run has come to its own end. */
  onFinished?: (run: RunRef, ending: Ending) => void;
  sender: Pick<Sender, 'send'>;
}

const carryWithPerson = carrying<object, { user_id: string | null; traits: Record<string, unknown> | null }>(() => ({
  columns: sql`p.user_id, p.traits`,
}));

const carryWithBackground = carrying<{ stepKey: string }, BackgroundRow>(({ stepKey }) => ({
  columns: backgroundColumns,
  joins: backgroundJoins(stepKey),
}));

/** Operations for the runs of one bundle's worker; `caller` says who calls. */
export function createStoreOps(parts: StoreOpsParts, caller: Caller): Ops {
  const { db, clock, accept, decider, checks, sender, onFinished } = parts;
  const settle = (personId: string) => decider.decide([personId]);

  const calls: Carrying = { db, settle, caller };

  /** Wraps an operation: first what is carried, then, if the run lives, the operation itself. */
  function operation<A, T>(
    fallback: T,
    body: (personId: string, args: A, about: { carried: Carried; lastSeenAt?: number }) => Promise<T>,
  ) {
    return async (carried: Carried, args: A) => {
      const { row, status } = await carry(calls, carried, { asked: {} });
      if (!row || status.stale || status.ended) return { value: fallback, ...status };
      return { value: await body(row.person_id, args, { carried, lastSeenAt: row.last_seen_at?.getTime() }) };
    };
  }

  async function acceptFor(
    personId: string,
    event: {
      type: 'identify' | 'track';
      name: string;
      messageId: string;
      hop: number;
      properties: Record<string, unknown>;
    },
  ) {
    await accept.accept([
      { ...event, personId, occurredAt: clock.now(), source: 'journey', planned: true, activity: false },
    ]);
    await settle(personId);
    return null;
  }

  return {
    async report(carried, { waiting }) {
      const { status } = await carry(calls, carried, { asked: {}, waiting });
      return { value: { until: waiting?.until }, ...status };
    },

    lastActive: operation<{ of?: string[] }, number | null>(null, async (personId, { of }, { lastSeenAt }) => {
      if (!of) return lastSeenAt ?? null;
      const last = await db
        .selectFrom('events')
        .select((eb) => eb.fn.max('occurred_at').as('at'))
        .where('person_id', '=', personId)
        .where('name', 'in', of)
        .executeTakeFirst();
      return (last?.at as Date | null | undefined)?.getTime() ?? null;
    }),

    // Also for a run that has just ended: what it is told then is in `ended`.
    catchUp: operation<{ events: string[]; from: number; until: number; sendId?: string }, JourneyEvent[]>(
      [],
      async (personId, { events, from, until, sendId }, { carried: { run } }) => {
        const rows = await db
          .selectFrom('events')
          .select(['id', 'name', 'properties', 'occurred_at', 'accepted_at'])
          .where('person_id', '=', personId)
          .where('name', 'in', events)
          .where('accepted_at', '>=', new Date(from))
          .where('accepted_at', '<=', new Date(until))
          .$if(sendId !== undefined, (query) => query.where(sql`properties ->> 'message_id'`, '=', sendId))
          // The newest: what came before has been told long ago.
          .orderBy('accepted_at', 'desc')
          .orderBy('id', 'desc')
          .limit(1_000)
          .execute();
        if (rows.length === 0) return [];
        const hearer = await db
          .selectFrom('runs')
          .select(['id', 'key', 'header'])
          .where('id', '=', run.id)
          .executeTakeFirst();
        // By all that they say: a key may be an address, which the run itself does not get to see.
        const heard = rows
          .reverse()
          .map(journeyEventOf)
          .filter((event) => hearer && hears(hearer, event));
        return heard.map(withoutAddressesIn);
      },
    ),

    async check(carried, { name, args, trigger }) {
      const { row, status } = await carryWithPerson(calls, carried, { asked: {} });
      if (!row || status.stale || status.ended) return { value: null, ...status };
      const person = { id: row.person_id, userId: row.user_id ?? undefined, traits: row.traits ?? {} };
      return { value: await checks.run(name, askAbout(parts, { person, trigger }), args) };
    },

    assign: operation<{ experiment: string; weights: Record<string, number> }, string>(
      '',
      async (personId, { experiment, weights }) => {
        await db
          .insertInto('assignments')
          .values({
            person_id: personId,
            experiment,
            variant: pickVariant(personId, experiment, weights),
            assigned_at: new Date(clock.now()),
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const row = await db
          .selectFrom('assignments')
          .select('variant')
          .where('person_id', '=', personId)
          .where('experiment', '=', experiment)
          .executeTakeFirstOrThrow();
        return row.variant;
      },
    ),

    update: operation<{ stepKey: string; traits: Record<string, unknown> }, null>(
      null,
      (personId, { stepKey, traits }) =>
        acceptFor(personId, {
          type: 'identify',
          name: 'identify',
          messageId: ownMessageId('step', stepKey),
          hop: 0,
          properties: traits,
        }),
    ),

    emit: operation<
      { stepKey: string; event: string; properties: Record<string, unknown>; trigger: JourneyEvent },
      null
    >(null, async (personId, { stepKey, event, properties, trigger }) => {
      const behind = await db
        .selectFrom('events')
        .select('hop')
        .where('person_id', '=', personId)
        .where('accepted_at', '=', new Date(trigger.acceptedAt))
        .where('id', '=', trigger.id)
        .executeTakeFirst();
      return acceptFor(personId, {
        type: 'track',
        name: event,
        messageId: ownMessageId('step', stepKey),
        hop: (behind?.hop ?? 0) + 1,
        properties,
      });
    }),

    async finish({ run, ...carried }, { ending }) {
      const { finished, ...status } = await finish(calls, { run, ...carried }, ending);
      if (finished) onFinished?.(run, ending);
      return { value: null, ...status };
    },

    async send(carried, request) {
      const { row, status } = await carryWithBackground(calls, carried, { asked: { stepKey: request.stepKey } });
      if (!row || status.stale) return { value: { status: 'skipped', id: '', reason: 'superseded' }, ...status };
      // Asked even when the run has ended: the ledger keeps why nothing went.
      return { value: await sender.send(carried, request, backgroundOf(row)), ...status };
    },
  };
}
