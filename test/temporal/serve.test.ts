/** `sojourn serve` while Temporal is away: it takes events in, stops in order, and runs journeys once Temporal is there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, type Db } from '../../src/db';
import { freePort } from '../../src/embedded';
import { ownTemporal, freshDatabase, smtpPeer, until, type OwnTemporal, type SmtpPeer } from '../support';

const writeKey = 'wk_test_0123456789abcdef0123456789';
const contentDir = resolve('test/e2e/content');
let store: Awaited<ReturnType<typeof freshDatabase>>;
let temporal: OwnTemporal;
let mail: SmtpPeer;
let db: Db;

beforeAll(async () => {
  [store, temporal, mail] = await Promise.all([freshDatabase(), ownTemporal(), smtpPeer()]);
  await temporal.kill();
  db = openDatabase({ url: store.url, maxConnections: 2 });
});
afterAll(async () => {
  await db?.destroy();
  await Promise.all([store?.drop(), temporal?.stop(), mail?.close()]);
});

async function serve(roles: string, settings: NodeJS.ProcessEnv = {}) {
  const port = await freePort();
  const child = spawn(process.execPath, [resolve('bin/sojourn.mjs'), 'serve', '--roles', roles], {
    cwd: contentDir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PORT: String(port),
      DATABASE_URL: store.url,
      TEMPORAL_ADDRESS: temporal.address,
      SMTP_URL: mail.url,
      SOJOURN_FROM: 'Test Shop <shop@example.com>',
      SOJOURN_PUBLIC_URL: `http://127.0.0.1:${port}`,
      SOJOURN_WRITE_KEY: writeKey,
      SOJOURN_SECRET_KEY: 'sk_test_0123456789abcdef0123456789',
      SOJOURN_ADMIN_PASSWORD: 'test-Passw0rd-42',
      SOJOURN_SIGNING_KEY: 'signing_0123456789abcdef0123456789',
      ...settings,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit');
  return {
    says: (text: string, withinMs = 90_000) =>
      until(() => output.includes(text) || ended(), { withinMs, what: `'${text}'` }).catch((error: unknown) => {
        throw new Error(`${String(error)}. It said:\n${output}`);
      }),
    post: (path: string, body: object) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${writeKey}` },
        body: JSON.stringify(body),
      }),
    /** SIGTERM, and with what it exits: its code, or the signal that ended it. */
    async stop(): Promise<unknown> {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const [code, signal] = (await exited) as [number | null, string | null];
      return code ?? signal;
    },
  };

  function ended(): false {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${output}`);
    return false;
  }
}

test('events are accepted while Temporal is away, and start runs once it is there', async () => {
  const all = await serve('api,router,worker');
  try {
    await all.says('Sojourn is ready: api, router, worker on http://');
    await all.says(`the worker waits for Temporal at ${temporal.address}`);
    const traits = { email: 'patient@example.com' };
    expect((await all.post('/v1/identify', { userId: 'patient', traits })).status).toBe(200);
    const cart = { userId: 'patient', event: 'add_to_cart', properties: { value: 80 } };
    expect((await all.post('/v1/track', cart)).status).toBe(200);
    await until(async () => (await db.selectFrom('runs').selectAll().execute()).length === 1);

    await temporal.start();
    await until(() => mail.mails.length === 2, { what: 'both messages' });
    await all.says('New runs start on this version');
  } finally {
    expect(await all.stop()).toBe(0);
    await temporal.kill();
  }
});

test('SIGTERM while Temporal is away stops it in order', async () => {
  const all = await serve('api,router,worker');
  await all.says('Sojourn is ready');
  expect(await all.stop()).toBe(0);
});

test('SIGTERM while a worker is still starting stops it in order', async () => {
  // An address that takes connections and never answers: the SDK gives up on it only after a while.
  const silent = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  const worker = await serve('worker', { TEMPORAL_ADDRESS: `127.0.0.1:${port}` });
  await once(silent, 'connection');
  const before = Date.now();
  expect(await worker.stop()).toBe(0);
  expect(Date.now() - before).toBeLessThan(5_000);
  await new Promise((closed) => silent.close(closed));
});
