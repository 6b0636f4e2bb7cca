/**
 * The journeys as the router knows them: headers from the code, modes as operators have set them. A mode that is set
 * in one process holds in all of them within two seconds.
 */
import { sql } from 'kysely';
import { recordChange, theCode, type Actor, type Change } from '../audit';
import type { Clock } from '../clock';
import { inTransaction, type Db } from '../db';
import type { CatalogJourney, HeaderData } from '../journey';

export type Mode = HeaderData['mode'];

export interface Catalog {
  journeys(): CatalogJourney[];
  /** Puts the headers into the store. Returns the journeys that were not there before. */
  deploy(): Promise<CatalogJourney[]>;
  /**
   * Overrides the header's mode; null goes back to it, or on to live where the header itself says paused. Undefined when
   * the mode was that already.
   */
  setMode(journey: string, mode: Mode | null, by: Actor): Promise<Change | undefined>;
  refresh(): Promise<void>;
}

const refreshMs = 2_000;

export function createCatalog(db: Db, clock: Clock, own: CatalogJourney[]): Catalog {
  let journeys = own;
  let refreshedAt = 0;
  let refreshing: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    const rows = await db.selectFrom('journeys').select(['id', 'mode']).where('mode', 'is not', null).execute();
    const modes = new Map(rows.map((row) => [row.id, row.mode]));
    journeys = own.map(({ id, header }) => ({ id, header: { ...header, mode: modes.get(id) ?? header.mode } }));
    refreshedAt = Date.now();
  }

  return {
    journeys() {
      if (Date.now() - refreshedAt > refreshMs && refreshedAt > 0) {
        refreshing ??= refresh()
          // The store is away: what was known stays, and the next look asks again.
          .catch(() => undefined)
          .finally(() => (refreshing = undefined));
      }
      return journeys;
    },
    async deploy() {
      const now = new Date(clock.now());
      const known = await db.selectFrom('journeys').select('id').execute();
      const before = new Set(known.map((row) => row.id));
      for (const { id, header } of own) {
        await inTransaction(db, async (tx) => {
          const earlier = await tx
            .selectFrom('journeys')
            .select(['mode', sql<Mode>`header ->> 'mode'`.as('said')])
            .where('id', '=', id)
            .forUpdate()
            .executeTakeFirst();
          await tx
            .insertInto('journeys')
            .values({ id, header: JSON.stringify(header), mode: null, deployed_at: now, updated_at: now })
            .onConflict((conflict) =>
              conflict.column('id').doUpdateSet({
                header: JSON.stringify(header),
                updated_at: sql`case when journeys.header = excluded.header then journeys.updated_at else excluded.updated_at end`,
              }),
            )
            .execute();
          if (!earlier || earlier.mode !== null || earlier.said === header.mode) return;
          const change = { kind: 'journey' as const, subject: id, from: earlier.said, to: header.mode };
          await recordChange(tx, clock, theCode, change);
        });
      }
      await refresh();
      return own.filter(({ id }) => !before.has(id));
    },
    async setMode(journey, asked, by) {
      const header = own.find((one) => one.id === journey)?.header;
      if (!header) return undefined;
      const now = new Date(clock.now());
      const mode = asked ?? (header.mode === 'paused' ? 'live' : null);
      const change = await inTransaction(db, async (tx): Promise<Change | undefined> => {
        // The router that deploys it may not be up yet; a pause must hold all the same.
        await tx
          .insertInto('journeys')
          .values({ id: journey, header: JSON.stringify(header), mode: null, deployed_at: now, updated_at: now })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute();
        const of = tx.selectFrom('journeys').select('mode').where('id', '=', journey);
        const before = await of.forUpdate().executeTakeFirstOrThrow();
        await tx.updateTable('journeys').set({ mode, updated_at: now }).where('id', '=', journey).execute();
        const [from, to] = [before.mode ?? header.mode, mode ?? header.mode];
        if (from === to) return undefined;
        const changed: Change = { kind: 'journey', subject: journey, from, to };
        await recordChange(tx, clock, by, changed);
        return changed;
      });
      await refresh();
      return change;
    },
    refresh,
  };
}
