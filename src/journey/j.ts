/** The verbs of `j`, typed: what a journey's body can do. Their meaning is in `docs` and, as code, in `verbs/`. */
import type { Duration, Scalar } from './header';
import type { AbsentTrigger, AnyTypes, EventName, StaticTypeError } from './header-input';
import type { RunPerson, SkipReason } from './run-data';
import type { When } from './sleep-until';

export type Repeat = 'ignore' | 'restart' | 'hear';

/** Names of the events that can have started a run; any journey can be asked for. */
export type TriggerNames<On> = (On extends string ? Exclude<On, 'api'> : 'absence_reached') | 'trigger_requested';

/** Names of the events that a body may wait for. */
export type HeardNames<On, Hears, OnRepeat> =
  Hears | (OnRepeat extends 'hear' ? Exclude<On, AbsentTrigger | 'api'> : never);

declare const exitMark: unique symbol;
/** What `j.exit` makes, to be returned. */
export interface Exit {
  readonly [exitMark]?: never;
  readonly exit: string;
}

export type MessageEventName = 'message_clicked' | 'message_opened' | 'message_delivered';

/** The events of one message that was sent, for `waitFor`. */
export interface MessageRef<N extends MessageEventName = MessageEventName> {
  readonly event: N;
  readonly message: string;
  /** Null when it was not sent: waiting for it is over at once. */
  readonly sendId: string | null;
}

interface MessageEventProperties {
  message_id: string;
  message: string;
  run_id: string;
  url?: string;
}

interface MessageRefs {
  readonly clicked: MessageRef<'message_clicked'>;
  readonly opened: MessageRef<'message_opened'>;
  readonly delivered: MessageRef<'message_delivered'>;
}

/** What a send came to. All of these are expected; none is thrown. */
export type SendResult = MessageRefs &
  (
    | { readonly status: 'sent'; readonly id: string }
    | { readonly status: 'skipped'; readonly id: string; readonly reason: SkipReason }
    | { readonly status: 'uncertain'; readonly id: string }
    | { readonly status: 'failed'; readonly id: string; readonly reason: string }
  );

/** An event as a body sees it; a union of these is told apart by `name`. */
export type NamedEvent<T extends AnyTypes, N> = N extends keyof T['events'] & string
  ? { readonly id: string; readonly name: N; readonly properties: Readonly<T['events'][N]>; readonly at: number }
  : N extends 'trigger_requested' | 'absence_reached'
    ? {
        readonly id: string;
        readonly name: N;
        readonly properties: Readonly<Record<string, unknown>>;
        readonly at: number;
      }
    : never;

type WhereOf<T extends AnyTypes, N> = N extends keyof T['events']
  ? { [K in keyof T['events'][N]]?: Extract<T['events'][N][K], Scalar> }
  : never;

export interface WaitOptions {
  within: Duration;
  /** Only what comes from now on; otherwise also what came earlier in the run and was not consumed. */
  since?: 'now';
}

/** One of several events that race. */
export type Racer<T extends AnyTypes, Heard> =
  Heard | MessageRef | (Heard extends keyof T['events'] ? { event: Heard; where: WhereOf<T, Heard> } : never);

/** What a race brings: the event's name and its properties. */
type Raced<T extends AnyTypes, R> = R extends keyof T['events'] & string
  ? { readonly event: R; readonly properties: Readonly<T['events'][R]> }
  : R extends { event: infer N }
    ? N extends keyof T['events'] & string
      ? { readonly event: N; readonly properties: Readonly<T['events'][N]> }
      : N extends MessageEventName
        ? { readonly event: N; readonly properties: Readonly<MessageEventProperties> }
        : never
    : never;

type MustBeHeard<N, Heard> = N extends Heard
  ? unknown
  : StaticTypeError<`'${N & string}' is not heard by this journey: list it under \`hears\` in the header`>;

/** Of weights that are written as they are; what is reckoned is looked at when a run draws. */
type MustBeWeights<W> = [W[keyof W]] extends [0]
  ? StaticTypeError<'one variant at least needs a weight above zero'>
  : {
      [V in keyof W]: W[V] extends number
        ? `${W[V]}` extends `-${string}`
          ? StaticTypeError<'a weight is zero or more'>
          : unknown
        : unknown;
    };

type CheckArgs<C> = C extends { args: infer A } ? A : never;
type CheckResult<C> = C extends { result: infer R } ? R : never;
/** The object without properties: what extends nothing else may be left out. */
type Nothing = Record<never, never>;
/** Arguments that may be left out when all of them are optional. */
type Optional<A> = [A] extends [undefined | void] ? [] : Nothing extends A ? [args?: A] : [args: A];

export interface J<T extends AnyTypes, On = EventName<T>, Heard = EventName<T>> {
  /** Who this run is for. Traits are as at the start, with what `update` changed; they hold no addresses. */
  readonly person: Readonly<RunPerson>;
  /** What started the run. A journey can also be asked for, so tell by `name` before reading properties. */
  readonly event: NamedEvent<T, On>;
  /** The stack's time, in milliseconds since the Unix epoch. */
  now(): number;

  /** Waits that long, durably. */
  sleep(duration: Duration): Promise<void>;
  /** Waits until a local time or a date; goes on at once when that has passed. */
  sleepUntil(when: When): Promise<void>;
  /** Waits until the person has done nothing (or none of these events) for that long. */
  idle(duration: Duration, options?: { of?: readonly EventName<T>[] }): Promise<void>;

  /** The event's properties, or null when none was accepted within the time. Of several, what came first. */
  waitFor<const N extends EventName<T>>(
    event: N & MustBeHeard<N, Heard>,
    options: WaitOptions & { where?: WhereOf<T, N> },
  ): Promise<Readonly<T['events'][N]> | null>;
  waitFor(event: MessageRef, options: WaitOptions): Promise<Readonly<MessageEventProperties> | null>;
  waitFor<const R extends Racer<T, Heard>>(events: readonly R[], options: WaitOptions): Promise<Raced<T, R> | null>;

  /** Asks one of the checks in `activities/`; the answer is recorded. */
  check<N extends keyof T['checks'] & string>(
    name: N,
    ...args: Optional<CheckArgs<T['checks'][N]>>
  ): Promise<CheckResult<T['checks'][N]>>;
  /** Sends a message; resolves when it has left or is finally refused. */
  send<M extends keyof T['messages'] & string>(
    message: M,
    ...props: Nothing extends T['messages'][M]
      ? [props?: T['messages'][M], options?: SendOptions]
      : [props: T['messages'][M], options?: SendOptions]
  ): Promise<SendResult>;
  /** The person's variant, drawn by these relative weights (zero or more, not all zero), the same each time it is asked. */
  experiment<const W extends Readonly<Record<string, number>>>(
    name: string,
    weights: W & MustBeWeights<W>,
  ): Promise<keyof W & string>;
  /**
   * Changes the person's traits. What is given here stays in Temporal's history, so that it may hold no address: the
   * run fails by name. Addresses are set by `identify`.
   */
  update(traits: Record<string, unknown> & { email?: never; phone?: never; address?: never }): Promise<void>;
  /** Reports an event of this person. */
  emit<N extends EventName<T>>(event: N, properties: T['events'][N]): Promise<void>;
  /** Ends the run with that reason. Always returned: `return j.exit('cart was emptied')`. */
  exit(reason: string): Exit;
}

export interface SendOptions {
  channel?: string;
}
