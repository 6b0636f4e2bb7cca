/** Lists as PostgreSQL need not see them to plan. */
import { sql, type RawBuilder } from 'kysely';

/**
 * These texts as an array. Of a parameter that is an array itself PostgreSQL guesses by its length, thinks a plan for just
 * these to be cheaper, and so plans anew each time; that costs more than to find a few rows.
 */
export function textArray(texts: readonly string[]): RawBuilder<string[]> {
  return sql`array(select jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb))`;
}

/** The same, of ids. */
export function idArray(ids: readonly string[]): RawBuilder<string[]> {
  return sql`${textArray(ids)}::bigint[]`;
}
