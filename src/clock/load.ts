import { sql, type QueryExecutorProvider } from 'kysely';
import { SojournError } from '../errors';
import { createClock, type Clock } from './clock';

/** The data was made with another time scale: its times would contradict each other, so the start is refused. */
export class OtherTimeScale extends SojournError {
  readonly code = 'other_time_scale';
}

/**
 * The clock that this store's data was made with, kept as the setting `clock`; made at first use.
 * Processes that start at once all get the same one. Throws `OtherTimeScale` when the data has another scale than is
 * asked for.
 */
export async function loadClock(
  db: QueryExecutorProvider,
  scale?: number,
  wallNow: () => number = Date.now,
): Promise<Clock> {
  const fresh = JSON.stringify({ epoch: wallNow(), scale: scale ?? 1 });
  await sql`insert into sojourn.settings (name, value) values ('clock', ${fresh}::jsonb)
    on conflict (name) do nothing`.execute(db);
  const { rows } = await sql<{ value: { epoch: number; scale: number } }>`
    select value from sojourn.settings where name = 'clock'`.execute(db);
  const kept = rows[0]?.value;
  if (!kept) throw new OtherTimeScale(`The setting 'clock' vanished from the store while it was read. Start again.`);
  if (scale !== undefined && kept.scale !== scale) {
    throw new OtherTimeScale(
      `SOJOURN_TIME_SCALE: this data was made with time scale ${kept.scale}, this start asks for ${scale}. ` +
        `Start with SOJOURN_TIME_SCALE=${kept.scale}, or name another folder in SOJOURN_DATA.`,
    );
  }
  return createClock(kept, wallNow);
}
