/**
 * Wakes those who wait for work: at once within a process, and by PostgreSQL's NOTIFY in the others. Bells only save
 * time; whoever waits also looks by itself every second, so that a lost one costs a second and nothing else.
 */
import pg from 'pg';

export type Work = 'pending' | 'deliveries';

export interface Bell {
  ring(work: Work): void;
  /** Resolves at the next ring, or after `ms`. A ring since the last wait counts. */
  wait(work: Work, ms: number): Promise<void>;
  close(): Promise<void>;
}

const channel = 'sojourn_work';
const notifyEveryMs = 20;
const reconnectMs = 2_000;

export function createBell(databaseUrl: string, onError?: (error: unknown) => void): Bell {
  const rung = new Set<Work>();
  const waiting = new Map<Work, Set<() => void>>();
  const unsent = new Set<Work>();
  let sending: NodeJS.Timeout | undefined;
  let reconnecting: NodeJS.Timeout | undefined;
  let client: pg.Client | undefined;
  let closed = false;

  function hear(work: Work): void {
    const waiters = waiting.get(work);
    if (!waiters || waiters.size === 0) rung.add(work);
    else for (const wake of [...waiters]) wake();
  }

  async function connect(): Promise<void> {
    const next = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'sojourn bell',
      keepAlive: true,
      keepAliveInitialDelayMillis: 30_000,
      connectionTimeoutMillis: 5_000,
    });
    next.on('error', (error) => lost(next, error));
    next.on('end', () => lost(next));
    next.on('notification', ({ payload }) => {
      if (payload === 'pending' || payload === 'deliveries') hear(payload);
    });
    try {
      await next.connect();
      await next.query(`listen ${channel}`);
      client = next;
    } catch (error) {
      lost(next, error);
      await next.end().catch(() => undefined);
    }
    if (closed) await next.end().catch(() => undefined);
  }

  /** In one statement, and only once the last one was answered: a connection takes one at a time. */
  async function tellOthers(): Promise<void> {
    const statements = [...unsent].map((one) => `notify ${channel}, '${one}'`).join(';');
    unsent.clear();
    await client?.query(statements).catch(() => undefined);
    sending = unsent.size > 0 && !closed ? setTimeout(() => void tellOthers(), notifyEveryMs) : undefined;
  }

  function lost(which: pg.Client, error?: unknown): void {
    if (client === which) client = undefined;
    if (closed || reconnecting) return;
    if (error) onError?.(error);
    reconnecting = setTimeout(() => {
      reconnecting = undefined;
      connecting = connect();
    }, reconnectMs);
  }

  let connecting = connect();

  return {
    ring(work) {
      hear(work);
      unsent.add(work);
      sending ??= setTimeout(() => void tellOthers(), notifyEveryMs);
    },
    wait(work, ms) {
      if (rung.delete(work)) return Promise.resolve();
      return new Promise((resolve) => {
        const waiters = waiting.get(work) ?? new Set();
        waiting.set(work, waiters);
        const wake = () => {
          clearTimeout(timer);
          waiters.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        waiters.add(wake);
      });
    },
    async close() {
      closed = true;
      clearTimeout(sending);
      clearTimeout(reconnecting);
      await connecting;
      await client?.end().catch(() => undefined);
      for (const waiters of waiting.values()) for (const wake of [...waiters]) wake();
    },
  };
}
