/**
 * The words that entry rules are written with: `cart.value.moreThan(50)`, `times('view_item').moreThan(3).within('7 days')`.
 * They make data (`Condition`), which `holds` decides; nothing is looked at here.
 */
import {
  parseDuration,
  type AbsentTrigger,
  type AnyTypes,
  type Comparison,
  type Condition,
  type Duration,
  type EventName,
  type NamesOf,
  type Quantity,
  type Scalar,
} from '../journey';

export interface Comparable<V extends Scalar = Scalar, C = Condition> {
  moreThan(than: V & number): C;
  atLeast(than: V & number): C;
  lessThan(than: V & number): C;
  atMost(than: V & number): C;
  equals(than: V): C;
}

/** How often something was done, which can be narrowed further. */
export type TimesCondition<E extends string = string> = Condition & {
  /** Only what was done within this time before the trigger, itself included. */
  within(duration: Duration): TimesCondition<E>;
  /** Only what was done after the last such event. */
  without(event: E): TimesCondition<E>;
};

function comparable<V extends Scalar, C>(make: (is: Comparison, than: Scalar) => C): Comparable<V, C> {
  const by = (is: Comparison) => (than: Scalar) => make(is, than);
  return {
    moreThan: by('moreThan'),
    atLeast: by('atLeast'),
    lessThan: by('lessThan'),
    atMost: by('atMost'),
    equals: by('equals'),
  };
}

function plain<V extends Scalar>(of: Quantity): Comparable<V> {
  return comparable<V, Condition>((is, than) => ({ kind: 'compare', of, is, than }));
}

/** The cart that the person's events have made, the trigger included. */
export const cart = {
  value: plain<number>({ kind: 'cart', what: 'value' }),
  count: plain<number>({ kind: 'cart', what: 'count' }),
};

/** A property of the trigger. */
export function property(name: string): Comparable {
  return plain({ kind: 'property', name });
}

/** A trait of the person. */
export function trait(name: string): Comparable {
  return plain({ kind: 'trait', name });
}

/** How often the person did this; with `same`, the same thing: the trigger's value of that property, or its items'. */
export function times(event: string, options: { same?: string } = {}): Comparable<number, TimesCondition> {
  const of: TimesQuantity = { kind: 'times', event, ...(options.same !== undefined && { same: options.same }) };
  return comparable((is, than) => timesCondition({ kind: 'compare', of, is, than }));
}

type TimesQuantity = Extract<Quantity, { kind: 'times' }>;

function timesCondition(condition: {
  kind: 'compare';
  of: TimesQuantity;
  is: Comparison;
  than: Scalar;
}): TimesCondition {
  const narrowed = (more: Partial<TimesQuantity>): TimesCondition =>
    timesCondition({ ...condition, of: { ...condition.of, ...more } });
  const methods = {
    within: (duration: Duration) => narrowed({ withinMs: parseDuration(duration, `times('${condition.of.event}')`) }),
    without: (event: string) => narrowed({ without: event }),
  };
  // Not enumerable: a condition is data, and stays equal to itself after JSON.
  return Object.defineProperties(
    { ...condition },
    { within: { value: methods.within }, without: { value: methods.without } },
  ) as TimesCondition;
}

export function all(...of: Condition[]): Condition {
  return { kind: 'all', of };
}

export function any(...of: Condition[]): Condition {
  return { kind: 'any', of };
}

export function not(of: Condition): Condition {
  return { kind: 'not', of };
}

/** Starts a journey when the event has happened before, and then not again for this long. */
export function absent(event: string, duration: Duration): AbsentTrigger {
  return { kind: 'absent', event, forMs: parseDuration(duration, `absent('${event}')`) };
}

type AnyProperty<T extends AnyTypes> = { [E in EventName<T>]: NamesOf<T['events'][E]> }[EventName<T>];

export interface Behaviour<T extends AnyTypes> {
  cart: typeof cart;
  property(name: AnyProperty<T>): Comparable;
  trait(name: string): Comparable;
  times(event: EventName<T>, options?: { same?: string }): Comparable<number, TimesCondition<EventName<T>>>;
  absent(event: EventName<T>, duration: Duration): AbsentTrigger;
  all(...of: Condition[]): Condition;
  any(...of: Condition[]): Condition;
  not(of: Condition): Condition;
}

/** The same words, bound to a team's events: one that the plan does not have does not compile. */
export function createBehaviour<T extends AnyTypes>(): Behaviour<T> {
  return { cart, property, trait, times, absent, all, any, not };
}
