/** Decides entry rules over what is known of a person, and gives the values that decided: the same for every caller. */
import { factsOf, formatDuration, type Comparison, type Condition, type JourneyEvent, type Quantity } from '../journey';
import { cartEvents, cartOf } from './cart';

export interface Facts {
  trigger: JourneyEvent;
  traits: Record<string, unknown>;
  /** The events that `needs` names, oldest first, the trigger included. */
  history: readonly JourneyEvent[];
  now: number;
}

export interface Decided {
  holds: boolean;
  /** What was looked at, by its name in words, and what it came to. */
  inputs: Record<string, unknown>;
}

export function holds(condition: Condition, facts: Facts): Decided {
  switch (condition.kind) {
    case 'compare': {
      const seen = valueOf(condition.of, facts);
      return {
        holds: compare(seen, condition.is, condition.than),
        inputs: { [wordsFor(condition.of)]: seen === undefined ? null : seen },
      };
    }
    case 'not': {
      const { holds: held, inputs } = holds(condition.of, facts);
      return { holds: !held, inputs };
    }
    default: {
      // All of them, so that a refusal shows everything that was looked at.
      const decided = condition.of.map((one) => holds(one, facts));
      return {
        holds: condition.kind === 'all' ? decided.every((one) => one.holds) : decided.some((one) => one.holds),
        inputs: Object.assign({}, ...decided.map((one) => one.inputs)) as Record<string, unknown>,
      };
    }
  }
}

/** Which of the person's events a rule asks about, and how far back; without `sinceMs`, all of them. */
export function needs(condition: Condition): { events: string[]; sinceMs?: number } {
  const asked = quantitiesOf(condition).filter((of) => of.kind === 'cart' || of.kind === 'times');
  const events = asked.flatMap((of) =>
    of.kind === 'cart' ? cartEvents : [of.event, ...(of.without === undefined ? [] : [of.without])],
  );
  const reach = asked.map((of) => (of.kind === 'times' ? of.withinMs : undefined));
  const bounded = reach.filter((ms) => ms !== undefined);
  return {
    events: [...new Set(events)],
    ...(reach.length > 0 && bounded.length === reach.length && { sinceMs: Math.max(...bounded) }),
  };
}

/** As a name among the inputs of a verdict: `cart value`. */
function wordsFor(of: Quantity): string {
  switch (of.kind) {
    case 'cart':
      return `cart ${of.what}`;
    case 'property':
    case 'trait':
      return `${of.kind} ${of.name}`;
    case 'times':
      return [
        `times ${of.event}`,
        ...(of.same === undefined ? [] : [`of the same ${of.same}`]),
        ...(of.withinMs === undefined ? [] : [`within ${formatDuration(of.withinMs)}`]),
        ...(of.without === undefined ? [] : [`without ${of.without}`]),
      ].join(' ');
  }
}

function quantitiesOf(condition: Condition): Quantity[] {
  if (condition.kind === 'compare') return [condition.of];
  return condition.kind === 'not' ? quantitiesOf(condition.of) : condition.of.flatMap(quantitiesOf);
}

function valueOf(of: Quantity, facts: Facts): unknown {
  switch (of.kind) {
    case 'cart':
      return cartQuantity(of.what, facts);
    case 'property':
      return factsOf(facts.trigger)[of.name] ?? facts.trigger.properties[of.name];
    case 'trait':
      return facts.traits[of.name];
    case 'times':
      return count(of, facts);
  }
}

/** A request's facts stand in for what the events say. */
function cartQuantity(what: 'value' | 'count', { trigger, history }: Facts): number {
  const fact = factsOf(trigger)[what === 'value' ? 'cartValue' : 'cartCount'];
  const given = typeof fact === 'string' && fact.trim() !== '' ? Number(fact) : fact;
  return typeof given === 'number' && Number.isFinite(given) ? given : cartOf(history)[what];
}

function count(of: Extract<Quantity, { kind: 'times' }>, { trigger, history, now }: Facts): number {
  const { same } = of;
  const from = of.withinMs === undefined ? -Infinity : now - of.withinMs;
  const reset = of.without === undefined ? -1 : history.findLastIndex((event) => event.name === of.without);
  const done = history.filter((event, index) => event.name === of.event && index > reset && event.at >= from);
  if (same === undefined) return done.length;
  // Without a value of its own, the trigger leaves it open which thing: then the most frequent one counts.
  const own = valuesOf(trigger, same);
  const counts = new Map<unknown, number>(own.map((value) => [value, 0]));
  for (const value of done.flatMap((event) => valuesOf(event, same))) {
    if (own.length === 0 || counts.has(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

/** The event's values of a property: its own, or those of its items. */
function valuesOf(event: JourneyEvent, name: string): unknown[] {
  const own = event.properties[name];
  if (own !== undefined && own !== null) return [own];
  const items = event.properties['items'];
  if (!Array.isArray(items)) return [];
  const values = items.map((item: unknown) =>
    typeof item === 'object' && item !== null ? (item as Record<string, unknown>)[name] : undefined,
  );
  return [...new Set(values.filter((value) => value !== undefined && value !== null))];
}

function compare(seen: unknown, is: Comparison, than: unknown): boolean {
  if (is === 'equals') return seen === than;
  if (typeof seen !== 'number' || typeof than !== 'number') return false;
  switch (is) {
    case 'moreThan':
      return seen > than;
    case 'atLeast':
      return seen >= than;
    case 'lessThan':
      return seen < than;
    case 'atMost':
      return seen <= than;
  }
}
