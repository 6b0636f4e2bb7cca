/**
 * `createJourney<Types>()`: the function that journeys are written with. What is wrong (an event, a key, a message, a
 * prop, a check, a variant, a duration) does not compile. At run time it only puts the three parts together: the header
 * is checked when journeys are loaded (`loadHeader`).
 */
import type { AbsentTrigger, AnyTypes, EventName, Header, HeaderInput } from './header-input';
import type { Exit, HeardNames, J, Repeat, TriggerNames } from './j';

/** A journey as its file exports it. */
export interface Journey {
  id: string;
  header: HeaderInput;
  /** Typed where it was written; whoever runs it has checked the header, so the body gets what it was typed for. */
  body: (j: never) => Promise<Exit | void>;
}

export type JourneyFunction<T extends AnyTypes> = <
  const On extends EventName<T> | AbsentTrigger | 'api',
  const Hears extends EventName<T> = never,
  const OnRepeat extends Repeat = 'ignore',
>(
  id: string,
  header: Header<T, On, Hears, OnRepeat>,
  body: (j: J<T, TriggerNames<On>, HeardNames<On, Hears, OnRepeat>>) => Promise<Exit | void>,
) => Journey;

/**
 * Binds the authoring API to a team's events, messages and checks. Types only: nothing of them is loaded.
 *
 * @example
 * export const journey = createJourney<{ events: Events; messages: Messages; checks: Checks }>();
 */
export function createJourney<T extends AnyTypes>(): JourneyFunction<T> {
  return (id, header, body) => ({ id, header: header as HeaderInput, body });
}
