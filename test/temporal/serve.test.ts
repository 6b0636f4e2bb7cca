/** `sojourn serve` while Temporal is away: it takes events in, stops in order, and runs journeys once Temporal is there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, type Db } from '../../src/db';
import { freePort } from '../../src/embedded';
import { ownTemporal, freshDatabase, smtpPeer, until, type OwnTemporal, type SmtpPeer } from '../support';

const writeKey = 'wk_test_0123456789abcdef0123456789';
const secretKey = 'sk_test_0123456789abcdef0123456789';
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

interface Ready {
  status: number;
  parts: Record<string, { ready: boolean; detail?: string }>;
}

async function serve(roles: string, settings: NodeJS.ProcessEnv = {}, cwd = contentDir) {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [resolve('bin/sojourn.mjs'), 'serve', '--roles', roles], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PORT: String(port),
      SOJOURN_METRICS_PORT: String(metricsPort),
      DATABASE_URL: store.url,
      TEMPORAL_ADDRESS: temporal.address,
      SMTP_URL: mail.url,
      SOJOURN_FROM: 'Test Shop <shop@example.com>',
      SOJOURN_PUBLIC_URL: `http://127.0.0.1:${port}`,
      SOJOURN_WRITE_KEY: writeKey,
      SOJOURN_SECRET_KEY: secretKey,
      SOJOURN_ADMIN_PASSWORD: 'test-Passw0rd-42',
      SOJOURN_SIGNING_KEY: 'signing_0123456789abcdef0123456789',
      ...settings,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit');
  return {
    output: () => output,
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
    port,
    /** What `/readyz` says: where requests come in, and where all roles are asked about. */
    async ready(at: 'api' | 'roles'): Promise<Ready> {
      const response = await fetch(`http://127.0.0.1:${at === 'api' ? port : metricsPort}/readyz`, {
        headers: { authorization: `Bearer ${secretKey}` },
      });
      const { parts } = (await response.json()) as Ready;
      return { status: response.status, parts };
    },
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
    const parts = { temporal: { ready: true }, router: { ready: true }, worker: { ready: true } };
    for (const at of ['api', 'roles'] as const) expect(await all.ready(at)).toMatchObject({ status: 200, parts });
  } finally {
    expect(await all.stop()).toBe(0);
    await temporal.kill();
  }
});

const combinations = ['api', 'router', 'worker', 'api,router', 'api,worker', 'router,worker', 'api,router,worker'];

test.each(combinations)(
  '%s says of each of its roles whether it does its work while Temporal is away',
  async (roles) => {
    const names = roles.split(',');
    const own = names.filter((name) => name !== 'api');
    const served = await serve(roles);
    try {
      await until(() => served.ready('roles'));
      if (names.includes('router')) await until(async () => (await served.ready('roles')).parts['router']?.ready);
      const said = await served.ready('roles');
      expect(Object.keys(said.parts).sort()).toEqual([...own, 'postgres', 'temporal'].sort());
      expect(said.parts['postgres']?.ready).toBe(true);
      expect(said.parts['temporal']?.ready).toBe(false);
      expect(said.parts['worker']?.ready).toBe(names.includes('worker') ? false : undefined);
      expect(said.status).toBe(names.includes('worker') ? 503 : 200);
      if (names.includes('api')) {
        const { status, parts } = await served.ready('api');
        expect(status).toBe(200);
        expect(Object.keys(parts)).toEqual(Object.keys(said.parts));
      }
    } finally {
      await served.stop();
    }
  },
);

test('a router that does not get on is said to, where all roles are asked about', async () => {
  const both = await serve('api,router');
  try {
    await both.says('Sojourn is ready');
    await until(async () => (await both.ready('roles')).status === 200);
    await db.transaction().execute(async (tx) => {
      await sql`lock table sojourn.pending in access exclusive mode`.execute(tx);
      const stuck = async () => {
        await sql`select 1`.execute(tx); // a transaction that stays idle is ended
        return (await both.ready('roles')).parts['router']?.ready === false;
      };
      await until(stuck, { withinMs: 120_000, everyMs: 500 });
      const { status, parts } = await both.ready('roles');
      expect(status).toBe(503);
      expect(parts).toMatchObject({
        postgres: { ready: true },
        router: { detail: expect.stringContaining('deciding') },
      });
      expect(await both.ready('api')).toMatchObject({ status: 200, parts: { router: { ready: false } } });
    });
    await until(async () => (await both.ready('roles')).status === 200);
  } finally {
    await both.stop();
  }
});

test('a request under way at SIGTERM is answered, and its connection ends with it', async () => {
  const api = await serve('api');
  await api.says('Sojourn is ready');
  const body = JSON.stringify({ userId: 'slow', event: 'add_to_cart' });
  let heard = '';
  const socket = connect(api.port, '127.0.0.1').on('data', (data) => (heard += data.toString()));
  const ended = once(socket, 'close');
  const head = [
    `authorization: Bearer ${writeKey}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
  ];
  // Asked for, the server says that it waits for the body: the request is under way.
  socket.write(`POST /v1/track HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n${head.join('\r\n')}\r\n\r\n`);
  await until(() => heard.includes('100 Continue'));
  const stopped = api.stop();
  const isRefused = () =>
    new Promise((resolve) => {
      const probe = connect(api.port, '127.0.0.1').on('error', resolve);
      probe.on('connect', () => resolve(void probe.destroy()));
    });
  await until(isRefused);
  socket.write(body);
  await ended;
  expect(heard).toContain('HTTP/1.1 200 OK');
  expect(heard.toLowerCase()).toContain('connection: close');
  expect(await stopped).toBe(0);
});

test('what is odd about a journey is logged once, with its line, where there is a worker', async () => {
  const odd = await mkdtemp(resolve('test/e2e/.content-'));
  await cp(contentDir, odd, { recursive: true });
  await appendFile(join(odd, 'workflows/reminder.ts'), 'export const odd = (j: any) => {\n  j.send("note");\n};\n');
  try {
    for (const [roles, times] of [
      ['api,router,worker', 1],
      ['api,router', 0],
    ] as const) {
      const served = await serve(roles, {}, odd);
      await served.says('Sojourn is ready');
      expect(await served.stop()).toBe(0);
      const lines = served.output().split('\n');
      const logged = lines.filter((line) => line.includes('reminder.ts')).map((line): unknown => JSON.parse(line));
      const warning = {
        ...{ level: 'warn', file: 'workflows/reminder.ts', line: expect.any(Number) as unknown },
        ...{ remedy: 'Write await j.send(…).', msg: 'it calls j.send without waiting for it' },
      };
      expect(logged, roles).toMatchObject(Array(times).fill(warning));
    }
  } finally {
    await rm(odd, { recursive: true });
  }
});

test('SIGTERM while Temporal is away stops it in order', async () => {
  const all = await serve('api,router,worker');
  await all.says('Sojourn is ready');
  expect(await all.stop()).toBe(0);
});

test('SIGTERM while a worker is still starting stops it in order', async () => {
  // A server that takes questions and never answers: the SDK gives up on it when the time that it names is over.
  const silent = createServer().listen(0, '127.0.0.1');
  silent.on('stream', (question) => question.on('error', () => undefined));
  const asked = once(silent, 'stream') as Promise<[ServerHttp2Stream, IncomingHttpHeaders]>;
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  const worker = await serve('worker', { TEMPORAL_ADDRESS: `127.0.0.1:${port}` });
  const [, { 'grpc-timeout': timeout }] = await asked;
  const since = performance.now();
  expect(await worker.stop()).toBe(0);
  const waitedUs = (performance.now() - since) * 1_000;
  // Whoever stops does not wait for that, nor for half of it.
  expect(timeout).toMatch(/^\d{8,}u$/);
  expect(waitedUs).toBeLessThan(Number.parseInt(String(timeout)) / 2);
  await new Promise<void>((closed) => silent.close(() => closed()));
});
