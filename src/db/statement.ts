/**
 * Statements that come again and again from the same place, as with each call of a run: the text is made once, also of
 * many parts, and each call brings its values only.
 */
import { CompiledQuery, sql, type RawBuilder } from 'kysely';
import type { Db, Tx } from './open';

/** Stands in the text for the value of this name. */
class Named {
  constructor(readonly name: PropertyKey) {}
}

/** A value by its name, as `build` puts it into the text. */
export type Names<V> = { readonly [K in keyof V]-?: RawBuilder<V[K]> };

/** `build` is called once, so what it makes must not depend on anything else. A value left out is null. */
export function statement<V extends object, Row>(
  build: (value: Names<V>) => RawBuilder<Row>,
): (db: Db | Tx, values: V) => Promise<Row[]> {
  let made: CompiledQuery | undefined;
  return async (db, values) => {
    made ??= build(named<V>()).compile(db);
    const parameters = made.parameters.map((value) =>
      value instanceof Named ? (values[value.name as keyof V] ?? null) : value,
    );
    const { rows } = await db.executeQuery(CompiledQuery.raw(made.sql, parameters));
    // As the text says, of which `build` knows the rows.
    return rows as Row[];
  };
}

function named<V extends object>(): Names<V> {
  // Whichever name is asked for has one.
  return new Proxy({}, { get: (_, name) => sql.val(new Named(name)) }) as Names<V>;
}
