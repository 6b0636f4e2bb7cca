/**
 * Absence triggers: `absent('login', '7 days')`. Deciding a login sets the watch; when it is due, the absence is
 * reported as an event of that person, through accept like any other, and decided in its turn. A login that was
 * accepted in between has moved the watch, or is seen here.
 */
import { sql } from 'kysely';
import type { Clock } from '../clock';
import type { Db } from '../db';
import { ownMessageId, type Accept } from '../events';
import { absenceEvent, type CatalogJourney, type HeaderData, type Trigger } from '../journey';

export interface AbsenceOptions {
  db: Db;
  clock: Clock;
  accept: Accept;
  catalog: () => CatalogJourney[];
}

const watchesPerRound = 200;

export interface Absences {
  /** Reports the absences that have come true. Resolves with their number. */
  fire(): Promise<number>;
  /** For journeys that are new: watches people whose last such event lies less than the absence back. */
  watchExisting(): Promise<void>;
}

export function createAbsences({ db, clock, accept, catalog }: AbsenceOptions): Absences {
  return {
    async fire() {
      const now = clock.now();
      const triggers = new Map(
        catalog().flatMap(({ id, header }) => absencesOf(header).map((one) => [id, one] as const)),
      );
      if (triggers.size === 0) return 0;
      const due = await db
        .selectFrom('watches')
        .selectAll()
        // What another version of the code watches is that version's to fire.
        .where('journey', 'in', [...triggers.keys()])
        .where('fires_at', '<=', new Date(now))
        .orderBy('fires_at')
        .limit(watchesPerRound)
        .execute();
      let fired = 0;
      for (const watch of due) {
        const trigger = triggers.get(watch.journey);
        // The event may have been accepted and not decided yet: then deciding it moves the watch.
        const undecided = await db
          .selectFrom('pending')
          .select('event_id')
          .where('person_id', '=', watch.person_id)
          .limit(1)
          .executeTakeFirst();
        if (undecided) continue;
        if (trigger) {
          await accept.accept([
            {
              type: 'track',
              name: absenceEvent,
              messageId: ownMessageId('absence', watch.journey, watch.person_id, watch.since_at.getTime()),
              personId: watch.person_id,
              properties: {
                journey: watch.journey,
                event: trigger.event,
                since: watch.since_at.toISOString(),
              },
              occurredAt: now,
              source: 'sojourn',
              planned: true,
              activity: false,
            },
          ]);
          fired++;
        }
        await db
          .deleteFrom('watches')
          .where('journey', '=', watch.journey)
          .where('person_id', '=', watch.person_id)
          .where('since_at', '=', watch.since_at)
          .execute();
      }
      return fired;
    },

    async watchExisting() {
      const watched = await db.selectFrom('journeys').select('id').where('watched', '=', true).execute();
      const known = new Set(watched.map((row) => row.id));
      for (const { id, header } of catalog().filter((journey) => !known.has(journey.id))) {
        await db.transaction().execute(async (tx) => {
          await sql`set local statement_timeout = 0`.execute(tx);
          for (const trigger of absencesOf(header)) {
            const horizon = new Date(clock.now() - trigger.forMs);
            await sql`
              insert into sojourn.watches (journey, person_id, since_at, fires_at)
              select ${id}, person_id, max(occurred_at), max(occurred_at) + make_interval(secs => ${trigger.forMs / 1_000})
              from sojourn.events where name = ${trigger.event} and occurred_at > ${horizon} and accepted_at > ${horizon}
              group by person_id on conflict do nothing`.execute(tx);
          }
          await tx.updateTable('journeys').set({ watched: true }).where('id', '=', id).execute();
        });
      }
    },
  };
}

function absencesOf(header: HeaderData): Extract<Trigger, { kind: 'absent' }>[] {
  return header.on.filter((trigger) => trigger.kind === 'absent');
}
