/** What the HTTP side is given. Its owner makes the parts and passes them in; nothing here is made by `createApp`. */
import type { Actor, Change } from '../audit';
import type { Clock } from '../clock';
import type { Db } from '../db';
import type { Accepted, IncomingEvent, Plan, RefusedCall } from '../events';
import type { CatalogJourney, HeaderData, SendOutcome } from '../journey';
import type { Consents, Preview, Signer, Topic } from '../messaging';
import type { Logger, Metrics, Middleware } from '../observe';
import type { TriggerRequest, TriggerVerdict } from '../routing';
import type { BuiltApp, Unbuilt } from '../web';
import type { MailItem } from './answers';
import type { KeyStore } from './keys';
import type { LimitOptions } from './limits';
import type { Routes } from './routes';

export interface AppDeps {
  db: Db;
  clock: Clock;
  plan: Plan;
  keys: KeyStore;
  metrics: Metrics;
  /** Sees every request before its route does: traces and request logs. */
  watch?: Middleware;
  /** Resolves when committed; rejects with `StoreUnavailable` or `RetryLater`, and then none of them counts. */
  accept(events: IncomingEvent[]): Promise<Accepted[]>;
  /** Keeps refused calls of a batch with their reasons. Without it they are reported and counted only. */
  setAside?(calls: RefusedCall[]): Promise<void>;
  /** The journeys that are deployed, their modes as operators have set them. */
  catalog: { journeys(): CatalogJourney[] };
  requestTrigger(request: TriggerRequest): Promise<TriggerVerdict>;
  /** What an operator does to a journey; null resumes it. Undefined when its mode was that already. */
  setMode(journey: string, mode: HeaderData['mode'] | null, by: Actor): Promise<Change | undefined>;
  /**
   * The kill switch of a message: sends of a paused one are held, and judged again once it is resumed, for which the
   * runs that wait are woken. Undefined if there is no such message.
   */
  pauseMessage(message: string, paused: boolean, by: Actor): Promise<{ changed: boolean } | undefined>;
  /** Ends a live run as `stopped`: false if it was not live. Once resolved, no attempt of it is claimed any more. */
  exitRun(runId: string, reason: string, by: Actor): Promise<boolean>;
  /** Settles a send that is uncertain; undefined if it was not. Resolves with what the send came to. */
  settleMessage?(sendId: string, verdict: SettleVerdict, by: Actor): Promise<SendOutcome | undefined>;
  /** Reads the tokens in the addresses that messages carry. */
  signer: Signer;
  consents: Pick<Consents, 'unsubscribe' | 'choose' | 'stateOf'>;
  /** What people can choose to get, and from whom. */
  topics: readonly Topic[];
  senderName: string;
  inbox?: InboxSource;
  /** By part: resolves when it is up, rejects with what is wrong. */
  readiness: Record<string, () => Promise<unknown>>;
  /** Parts that this process works without, if less well; `temporal` unless given. */
  mayBeAway?: readonly string[];
  temporalUi?: { url: string; namespace: string };
  /** Who may sign in to the pages; without it, nobody. `demo`: whoever sits at this machine may without a password. */
  admin?: { password: string; demo?: boolean };
  /** An embedded stack on somebody's machine. */
  development?: boolean;
  /** Where this is reached from outside, without a slash at its end. */
  publicUrl?: string;
  /** Of Sojourn. */
  version?: string;
  /** The pages, as they were built; a reason where they could not be. Without it there are none. */
  pages?: () => BuiltApp | Unbuilt;
  /** Renders a message anew from what the ledger holds; a reason where that can't be done. */
  previewMessage?(sendId: string): Promise<Preview | { reason: string } | undefined>;
  /** Ids of the messages that journeys may send. */
  messageIds?: readonly string[];
  /** Proves user ids that a browser names: `signUserId` with the same key, made by the site's server. */
  signingKey?: string;
  /** Hosts whose addresses a browser may put into properties and traits, since these reach templates. None unless given. */
  allowedHosts?: string[];
  limits?: LimitOptions;
  /** Adds addresses that only this process has, as a demo's shop. */
  more?(routes: Routes): void;
  /** Passed to Express's `trust proxy`. */
  trustProxy?: boolean | number | string;
  /** Told who signed in, and who made or revoked a key, or set the mode of a journey or a message. */
  log?: Pick<Logger, 'info' | 'warn'>;
  /** Told of faults of ours: what was answered with 500. */
  onError?(error: unknown, where: string): void;
}

/** As an operator found out: it went out, it did not, or it is to go out once more. */
export type SettleVerdict = 'sent' | 'failed' | 'resend';

/** Its stack's time is told by the API. */
export type InboxMail = Omit<MailItem, 'stackAt'>;

/** The built-in inbox of development. */
export interface InboxSource {
  /** Newest first. `to` is one recipient's address. */
  list(filter?: { to?: string; limit?: number }): InboxMail[];
  get(id: number): InboxMail | undefined;
}
