/**
 * Ids and keys, all made here. They are readable, hold no addresses (Temporal shows and never encrypts them), and are
 * the same whenever they are made again: never from a clock, a random, or an execution id.
 */
import { bucket } from './experiment';
import type { JourneyEvent, RunRef, StartArgs } from './run-data';

/** The key of a run that has no other key than its person. */
export const personOnly = 'person';

/** The workflow id of a run: its journey, its person, and what else makes it distinct. */
export function workflowKey(journey: string, person: string, key: string): string {
  return key === personOnly ? `${journey}/${person}` : `${journey}/${person}/${key}`;
}

/** Names one step of one run for ever, restarts and retries included. */
export function stepKey(run: Pick<RunRef, 'journey' | 'key' | 'number'>, step: string): string {
  return `${run.journey}/${run.key}/${run.number}/${step}`;
}

const safe = /^[A-Za-z0-9][A-Za-z0-9_.:|=~-]{0,127}$/;
const phoneLike = /^\+?\d[\d .:()-]{8,17}\d$/;
const opaqueLike = /^[ph]\d+$/;

/** The person's part of a run's key: the user id when it is safe to show, else one that says nothing. */
export function personKey(person: { id: string; userId?: string | null; anonymousId?: string | null }): string {
  const { id, userId } = person;
  return userId && isSafe(userId) ? userId : `p${id}`;
}

/**
 * What makes a run distinct within its person: nothing more (`person`), or the value of the property that the header
 * names, made safe to show. Undefined when the event lacks it, so that no run can start from it.
 */
export function keyValue(key: string, event: Pick<JourneyEvent, 'properties'>): string | undefined {
  if (key === personOnly) return personOnly;
  const value = event.properties[key];
  if ((typeof value !== 'string' && typeof value !== 'number') || value === '') return undefined;
  const text = String(value);
  return isSafe(text) ? text : opaque(text);
}

/** Whether a workflow's first argument came from Sojourn's router. */
export function isStartArgs(x: unknown): x is StartArgs {
  return typeof x === 'object' && x !== null && 'sojourn' in x && x.sojourn === 1 && 'run' in x && 'header' in x;
}

function isSafe(text: string): boolean {
  return safe.test(text) && !phoneLike.test(text) && !opaqueLike.test(text);
}

function opaque(text: string): string {
  const digits = ['a', 'b', 'c', 'd'].map((salt) => String(bucket(text, salt)).padStart(4, '0'));
  return `h${digits.join('')}`;
}
