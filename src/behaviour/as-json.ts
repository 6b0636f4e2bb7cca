/**
 * A value's type once JSON has carried it: a date is text, `undefined` alone or in a list is null, and a function is left
 * out of what holds it. `never` for what JSON can't hold.
 */
export type AsJson<T> = unknown extends T
  ? T
  : T extends { toJSON(...args: never): infer Told }
    ? AsJson<Told>
    : T extends string | number | boolean | null
      ? T
      : T extends LeftOut | void
        ? null
        : T extends bigint
          ? never
          : T extends ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>
            ? Record<string, never>
            : T extends readonly unknown[]
              ? { [Index in keyof T]: AsJson<T[Index]> }
              : { [Name in keyof T as Kept<Name, T[Name]>]: Held<T[Name]> };

type LeftOut = undefined | symbol | ((...args: never) => unknown);
type Kept<Name, Value> = Name extends symbol ? never : [Value] extends [LeftOut] ? never : Name;
/** Of an object, what is left out is read as undefined. */
type Held<Value> = AsJson<Exclude<Value, LeftOut>> | (Extract<Value, LeftOut> extends never ? never : undefined);
