/**
 * The one way in. Events wait a moment for each other and are committed together: one statement, one commit, then
 * every caller is told. Resolved means committed (P1); a message id seen within the dedupe window counts once (P2).
 */
import type { Clock } from '../clock';
import { gathering, type Db } from '../db';
import { RetryLater, StoreUnavailable } from '../errors';
import { noTracing, traceKey, type Tracing } from '../observe';
import { commit, type Accepted } from './commit';
import { createIdentities } from './identities';
import type { IncomingEvent } from './incoming';

export interface AcceptOptions {
  db: Db;
  clock: Clock;
  /** The most events in one commit. */
  maxBatch?: number;
  /** The most events that may wait; beyond it `accept` rejects with RetryLater. */
  maxWaiting?: number;
  /** How long callers wait for their commit once it has begun; wall milliseconds, 10,000 unless given. */
  commitWithinMs?: number;
  /** Called after each commit that added events, with the people they belong to. */
  onAccepted?: (personIds: string[]) => void;
  /** Called after each commit, also one that failed. */
  onCommit?: (commit: { events: number; ms: number; result: 'committed' | 'failed' }) => void;
  tracing?: Tracing;
}

export interface Accept {
  /**
   * Commits these events, together with whatever else waits. Answers in their order.
   * Rejects with StoreUnavailable when the store is away: they may be sent again then, under the same message ids.
   * None of them counts, unless the store fell silent while it committed.
   */
  accept(events: IncomingEvent[]): Promise<Accepted[]>;
  /** Waits for what has been handed in. */
  close(): Promise<void>;
}

interface Waiting {
  events: IncomingEvent[];
  resolve(accepted: Accepted[]): void;
  reject(error: Error): void;
}

export function createAccept(options: AcceptOptions): Accept {
  const { db, clock, maxBatch = 500, maxWaiting = 20_000, commitWithinMs = 10_000 } = options;
  const { onAccepted, onCommit, tracing = noTracing } = options;
  const identities = createIdentities(db, clock);
  let waitingEvents = 0;
  const gather = gathering<Waiting>({
    cut: (queue) => callersFor(queue, maxBatch),
    async handle(batch) {
      for (const { events } of batch) waitingEvents -= events.length;
      await withinLimit(
        batch,
        writeBatch(batch).catch((error: unknown) => settleOneByOne(batch, error)),
      );
    },
  });

  /** A store that hangs must not keep those who wait: they are told, and whether it was committed shows later. */
  async function withinLimit(batch: Waiting[], writing: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, commitWithinMs)));
    const tell = () => {
      const silent = new StoreUnavailable(`The store did not commit within ${commitWithinMs / 1_000} s`);
      for (const waiting of batch) waiting.reject(silent);
    };
    await Promise.race([writing, late.then(tell)]);
    clearTimeout(timer);
  }

  async function writeBatch(batch: Waiting[]): Promise<void> {
    const events = batch.flatMap((waiting) => waiting.events);
    const started = performance.now();
    let result: 'committed' | 'failed' = 'failed';
    let accepted: Accepted[];
    try {
      const written = await commit(db, clock, events, await identities.identify(events));
      identities.remember(written.met);
      accepted = written.accepted;
      result = 'committed';
    } finally {
      onCommit?.({ events: events.length, ms: performance.now() - started, result });
    }
    let from = 0;
    for (const waiting of batch) waiting.resolve(accepted.slice(from, (from += waiting.events.length)));
    const added = accepted.filter((one) => !one.duplicate).map((one) => one.personId);
    if (added.length > 0) onAccepted?.([...new Set(added)]);
  }

  /** One caller's event that the store refuses must not lose those that shared its commit. */
  async function settleOneByOne(batch: Waiting[], error: unknown): Promise<void> {
    if (!isRefusedData(error)) {
      const unavailable = new StoreUnavailable(`The store is away: ${messageOf(error)}`, { cause: error });
      for (const waiting of batch) waiting.reject(unavailable);
    } else if (batch.length === 1) {
      batch[0]!.reject(error as Error);
    } else {
      for (const waiting of batch) {
        await writeBatch([waiting]).catch((one: unknown) => settleOneByOne([waiting], one));
      }
    }
  }

  function enqueue(events: IncomingEvent[]): Promise<Accepted[]> {
    if (waitingEvents + events.length > maxWaiting) {
      return Promise.reject(new RetryLater(`${waitingEvents} events wait to be committed already`, 1_000));
    }
    waitingEvents += events.length;
    return new Promise((resolve, reject) => {
      gather.add({ events, resolve, reject });
    });
  }

  return {
    accept(events) {
      if (events.length === 0) return Promise.resolve([]);
      if (!tracing.on) return enqueue(events);
      return tracing.span('accept.commit', { attributes: { 'sojourn.events': events.length } }, () => {
        const trace = tracing.current();
        return enqueue(events.map((event) => ({ ...event, context: { ...event.context, [traceKey]: trace } })));
      });
    },
    close: () => gather.idle(),
  };
}

/** How many callers share a commit of so many events; one who brings more has it alone. */
function callersFor(queue: readonly Waiting[], maxBatch: number): number {
  let count = 0;
  let taken = 0;
  while (taken < queue.length && (taken === 0 || count + queue[taken]!.events.length <= maxBatch)) {
    count += queue[taken]!.events.length;
    taken++;
  }
  return taken;
}

/** PostgreSQL's class 22 (data exception) and 23 (constraint): this very data is refused, whenever it is sent. */
function isRefusedData(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && (code.startsWith('22') || code.startsWith('23'));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
