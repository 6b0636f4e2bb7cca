/**
 * The tracking plan: every event's name and schema. A schema checks and never changes: properties are kept as they
 * came, also those that it does not name, so that a sender may grow before its plan does.
 */
import type { z } from 'zod';

type Schemas = Record<string, z.ZodType>;

export interface PropertyError {
  /** As in `items[0].price`; empty for the properties as a whole. */
  path: string;
  detail: string;
}

export interface Plan<S extends Schemas = Schemas> {
  schemas: S;
  names: string[];
  has(name: string): boolean;
  /** What is wrong with the properties of this event; nothing for a name that is not in the plan. */
  check(name: string, properties: unknown): PropertyError[];
}

export interface MessageEvent {
  message_id: string;
  message: string;
  run_id: string;
}

/** Events that only Sojourn makes; refused from outside. */
export interface BuiltInEvents {
  message_clicked: MessageEvent & { url?: string };
  message_opened: MessageEvent;
  message_delivered: MessageEvent;
  /** Somebody asked for this journey, with facts. */
  trigger_requested: { journey: string; cartValue?: number; lastActivity?: number };
  /** The event has not come again for the time that the journey's trigger names. */
  absence_reached: { journey: string; event: string };
}

/** From name to properties, for everything a journey can be started by or hear. */
export type EventsOf<P extends Plan> = { [N in keyof P['schemas'] & string]: z.input<P['schemas'][N]> } & BuiltInEvents;

const builtIn = new Set(['trigger_requested', 'absence_reached']);

/** Whether only Sojourn may report this name. */
export function isReservedName(name: string): boolean {
  return builtIn.has(name) || name.startsWith('message_');
}

/** `['items', 0, 'price']` as people write it: `items[0].price`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    '',
  );
}

/**
 * Makes a plan from schemas by event name.
 *
 * @example
 * export const plan = definePlan({ login: z.object({ method: z.string().optional() }) });
 */
export function definePlan<const S extends Schemas>(schemas: S): Plan<S> {
  const byName = new Map<string, z.ZodType>(Object.entries(schemas));
  for (const name of byName.keys()) {
    if (isReservedName(name))
      throw new TypeError(`events.ts: '${name}' is a name that only Sojourn reports; rename it.`);
  }
  return {
    schemas,
    names: [...byName.keys()],
    has: (name) => byName.has(name),
    check(name, properties) {
      const result = byName.get(name)?.safeParse(properties);
      if (!result || result.success) return [];
      return result.error.issues.map((issue) => ({ path: formatPath(issue.path), detail: issue.message }));
    },
  };
}
