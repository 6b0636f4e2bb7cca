/**
 * Sojourn as it runs in production: each role a process of its own, on a PostgreSQL, a Temporal server and an SMTP peer
 * that belong to the test. Any of them may be killed and started again.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase, type Db } from '../../src/db';
import { freePort } from '../../src/embedded';
import { ownPostgres, ownTemporal, smtpPeer, until, type OwnPostgres, type SmtpPeer } from '../support';

export const writeKey = 'wk_test_0123456789abcdef0123456789';
export const secretKey = 'sk_test_0123456789abcdef0123456789';
const here = dirname(fileURLToPath(import.meta.url));
const sojourn = resolve(here, '../../bin/sojourn.mjs');

/** One process of `sojourn serve`. */
export interface RoleProcess {
  /** SIGKILL, also to one that does not come to the end of its stop. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** SIGTERM, and waits. Resolves with the exit code; null where a signal ended it. */
  stop(): Promise<number | null>;
  /** As SIGSTOP and SIGCONT; nothing happens to a process that is not there. */
  signal(signal: NodeJS.Signals): void;
  /** Whether it was started and has not ended since, by itself either. */
  isRunning(): boolean;
  output(): string;
}

export interface Production {
  url: string;
  db: Db;
  mail: SmtpPeer;
  postgres: OwnPostgres;
  temporal: Awaited<ReturnType<typeof ownTemporal>>;
  roles: Record<string, RoleProcess>;
  post(path: string, body: unknown, key?: string): Promise<{ status: number; body: Record<string, unknown> }>;
  track(userId: string, event: string, properties?: Record<string, unknown>, messageId?: string): Promise<void>;
  close(): Promise<void>;
}

export interface ProductionOptions {
  /** Name of a process to the roles it has. */
  roles?: Record<string, string>;
  contentDir?: string;
  /** Settings of one process, by its name, beside those that all have. */
  settings?: Record<string, NodeJS.ProcessEnv>;
}

export async function production({
  roles = { api: 'api', router: 'router', worker: 'worker' },
  contentDir = join(here, 'content'),
  settings = {},
}: ProductionOptions = {}): Promise<Production> {
  const [postgres, temporal, mail, port] = await Promise.all([ownPostgres(), ownTemporal(), smtpPeer(), freePort()]);
  const env = {
    ...process.env,
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    SMTP_URL: mail.url,
    SOJOURN_FROM: 'Test Shop <shop@example.com>',
    SOJOURN_PUBLIC_URL: `http://127.0.0.1:${port}`,
    SOJOURN_WRITE_KEY: writeKey,
    SOJOURN_SECRET_KEY: secretKey,
    SOJOURN_ADMIN_PASSWORD: 'test-Passw0rd-42',
    SOJOURN_SIGNING_KEY: 'signing_0123456789abcdef0123456789',
  };
  await runToEnd(['migrate'], env, contentDir);
  const db = openDatabase({ url: postgres.url, maxConnections: 4 });
  const processes = Object.fromEntries(
    Object.entries(roles).map(([name, list]) => {
      const rolePort = list.includes('api') ? port : 0;
      return [
        name,
        roleProcess(
          name,
          ['serve', '--roles', list],
          { ...env, PORT: String(rolePort), ...settings[name] },
          contentDir,
        ),
      ];
    }),
  );
  await Promise.all(Object.values(processes).map((one) => one.start())).catch(async (error: unknown) => {
    await Promise.all(Object.values(processes).map((one) => one.kill()));
    await Promise.all([db.destroy(), postgres.stop(), temporal.stop(), mail.close()]);
    throw error;
  });
  const url = `http://127.0.0.1:${port}`;

  const post: Production['post'] = async (path, body, key = writeKey) => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return {
    url,
    db,
    mail,
    postgres,
    temporal,
    roles: processes,
    post,
    async track(userId, event, properties = {}, messageId = crypto.randomUUID()) {
      // As a careful client does: until it is acknowledged, under the same message id.
      await until(
        async () => {
          const body = { userId, event, properties, messageId };
          const answer = await post('/v1/track', body).catch(() => ({ status: 0, body: {} }));
          if (answer.status >= 400 && answer.status < 500) throw new Error(JSON.stringify(answer.body));
          return answer.status === 200;
        },
        { everyMs: 250 },
      );
    },
    async close() {
      await Promise.all(Object.values(processes).map((one) => one.stop()));
      await db.destroy();
      await Promise.all([postgres.stop(), temporal.stop(), mail.close()]);
    },
  };
}

function roleProcess(name: string, args: string[], env: NodeJS.ProcessEnv, cwd: string): RoleProcess {
  let child: ChildProcess | undefined;
  let output = '';
  const isRunning = () => child !== undefined && child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (!child || !isRunning()) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  };
  return {
    output: () => output,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    signal: (signal) => void child?.kill(signal),
    isRunning,
    async start() {
      const started = spawn(process.execPath, [sojourn, ...args], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
      child = started;
      const from = output.length;
      for (const stream of [started.stdout, started.stderr]) {
        stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
      }
      const isReady = () => output.slice(from).includes('Sojourn is ready');
      const hasEnded = () => started.exitCode !== null || started.signalCode !== null;
      await until(() => isReady() || hasEnded(), {
        everyMs: 50,
        withinMs: 180_000,
        what: `the start of ${name}`,
      });
      if (!isReady()) throw new Error(`${name} ended: ${output.slice(from).slice(-2_000)}`);
    },
  };
}

async function runToEnd(args: string[], env: NodeJS.ProcessEnv, cwd: string): Promise<void> {
  const child = spawn(process.execPath, [sojourn, ...args], { env, cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`sojourn ${args.join(' ')} ended with ${code}`);
}
