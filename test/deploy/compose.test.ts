/**
 * docker-compose.yml, run: each service's own command, environment and health check as plain processes, in the order
 * that it says, on two PostgreSQL servers and a real Temporal server on one of them. An SMTP peer is in Mailpit's
 * place; Temporal's UI is left out. As root on Linux, Sojourn's own run confined as their containers are.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onPath } from '../../src/embedded/executable';
import { freePort } from '../../src/embedded';
import { openDatabase, type Db } from '../../src/db';
import { ownPostgres, smtpPeer, until, type OwnPart, type SmtpPeer } from '../support';
import { readCompose, type Service } from '../support/compose-file';
import { filledIn } from '../support/compose-variables';
import { startService, type ServiceProcess, type Surroundings } from '../support/service-process';
import { clusterServices, clusterSurroundings, prepareStore, runToEnd } from '../support/temporal-cluster';
import { findTemporalServer } from '../support/temporal-server';
import { confine, noConfinement } from './confinement';
import { imageFolder } from './image-folder';

const server = await findTemporalServer();
const why = 'reason' in server ? ` (skipped: ${server.reason})` : '';
const variables = filledIn();
const services = readCompose(variables);
const service = (name: string): Service => services[name]!;
const lasting = ['temporal', 'api', 'worker'];
const writeKey = variables['SOJOURN_WRITE_KEY']!;

/** Has its part in another way here. */
const standIns = ['postgres', 'temporal-postgres', 'mailpit', 'temporal-ui'];

let stores: Record<'postgres' | 'temporal-postgres', OwnPart>;
let mail: SmtpPeer;
let db: Db;
let apiPort: number;
let around: (service: Service) => Surroundings;
const running: Record<string, ServiceProcess> = {};
const order: string[] = [];

/** Starts what it waits for, then the service itself: to its end, or until it is healthy. */
async function up(name: string): Promise<void> {
  if (order.includes(name)) return;
  for (const on of Object.keys(service(name).dependsOn)) await up(on);
  order.push(name);
  if (standIns.includes(name)) return;
  if (!lasting.includes(name)) return runToEnd(service(name), around(service(name)));
  running[name] = startService(service(name), around(service(name)));
  await running[name].healthy(120_000);
}

async function post(path: string, body: object): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${apiPort}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${writeKey}` },
    body: JSON.stringify(body),
  });
  return answer.status;
}

/** A cart of half an hour ago, which its reminder has been due for since. */
async function leaveCart(userId: string): Promise<void> {
  const timestamp = new Date(Date.now() - 31 * 60_000).toISOString();
  const items = [{ item_id: 'desk', item_name: 'Desk', price: 80, quantity: 1 }];
  expect(await post('/v1/identify', { userId, timestamp, traits: { email: `${userId}@example.com` } })).toBe(200);
  const cart = { userId, timestamp, event: 'add_to_cart', properties: { value: 80, items } };
  expect(await post('/v1/track', cart)).toBe(200);
}

describe.skipIf('reason' in server)(`docker-compose.yml${why}`, () => {
  beforeAll(async () => {
    const image = await imageFolder('to mount');
    // Where no container can be made, the packages are linked and nothing is confined.
    const confined = noConfinement(service('api'), image) === undefined;
    const folder = confined ? image : await imageFolder();
    const [first, second, peer, port, metricsPort] = await Promise.all([
      ownPostgres(),
      ownPostgres(),
      smtpPeer(),
      freePort(),
      freePort(),
    ]);
    stores = { postgres: first, 'temporal-postgres': second };
    mail = peer;
    apiPort = port;
    const cluster = await clusterSurroundings(second.url, () => undefined);
    const own = (ours: Service) => (confined ? confine(ours, folder) : { environment: {} });
    around = (each) => ({
      ...(each.ours ? own(each) : {}),
      folder: each.ours ? folder : cluster.folder,
      replace: {
        ...cluster.replace,
        '@postgres:5432': `@127.0.0.1:${first.port}`,
        'mailpit:1025': `127.0.0.1:${mail.port}`,
        ...(confined ? {} : { '/tmp/sojourn': `${folder}-tmp` }),
      },
      environment: each.ours
        ? {
            ...own(each).environment,
            PORT: String(port),
            ...(each.environment['SOJOURN_METRICS_PORT'] ? { SOJOURN_METRICS_PORT: String(metricsPort) } : {}),
          }
        : cluster.environment,
    });
    for (const [name, part] of Object.entries(stores)) await prepareStore(part.url, service(name));
    for (const name of Object.keys(services)) await up(name);
    const { username, password, pathname } = new URL(service('api').environment['DATABASE_URL']!);
    const url = Object.assign(new URL(first.url), { username, password, pathname }).href;
    db = openDatabase({ url, maxConnections: 2 });
  }, 300_000);

  afterAll(async () => {
    for (const name of lasting.toReversed()) await running[name]?.stop();
    await db?.destroy();
    await Promise.all([stores?.postgres.stop(), stores?.['temporal-postgres'].stop(), mail?.close()]);
  });

  test('comes up, each service after what it waits for', () => {
    expect(order).toHaveLength(Object.keys(services).length);
    const after = (name: string, on: string) => order.indexOf(name) > order.indexOf(on);
    expect(after('worker', 'migrate') && after('api', 'temporal-namespace')).toBe(true);
    expect(clusterServices.toSorted((a, b) => order.indexOf(a) - order.indexOf(b))).toEqual([...clusterServices]);
  });

  test('an event goes in, its reminder goes out', { timeout: 240_000 }, async () => {
    await leaveCart('ada');
    await until(() => mail.mails.length === 1, { withinMs: 200_000, what: 'the reminder' });
    expect(mail.mails[0]!.to).toEqual(['ada@example.com']);
    expect(mail.mails[0]!.from).toContain('shop@example.com');
    expect(mail.mails[0]!.html).toContain(variables['SOJOURN_PUBLIC_URL']);
    const runs = await fetch(`http://127.0.0.1:${apiPort}/v1/runs?person=ada`, {
      headers: { authorization: `Bearer ${variables['SOJOURN_SECRET_KEY']}` },
    });
    expect(await runs.text()).toContain(`${variables['SOJOURN_TEMPORAL_UI_URL']}/namespaces/default/`);
  });

  test.each(lasting)("%s's health check passes, with nothing to say", async (name) => {
    const { ended } = await running[name]!.check();
    expect(ended).toBe(0);
  });

  test("PostgreSQL's health checks pass", async ({ skip }) => {
    if ((await onPath('pg_isready', process.env)) === undefined) skip('no pg_isready on the PATH');
    for (const [name, { port }] of Object.entries(stores)) {
      const environment = { PGHOST: '127.0.0.1', PGPORT: String(port) };
      const check = startService(service(name), { ...around(service(name)), environment }, service(name).healthcheck);
      expect((await check.ended()).ended, name).toBe(0);
    }
  });

  test('sojourn doctor says that all is well', async () => {
    const surroundings = around(service('api'));
    const environment = { ...surroundings.environment, PORT: String(await freePort()) };
    const command = ['node', 'bin/sojourn.mjs', 'doctor', '--json'];
    const { ended, output } = await startService(service('api'), { ...surroundings, environment }, command).ended();
    const findings = JSON.parse(output) as { part: string; state: string; detail: string }[];
    expect(findings.filter(({ state }) => state === 'problem')).toEqual([]);
    expect(findings.find(({ part }) => part === 'search attributes')?.detail).toBe('all are known');
    expect(ended).toBe(0);
  });

  test('what runs to its end may be run again', async () => {
    for (const name of ['migrate', 'temporal-schema', 'temporal-namespace']) {
      await runToEnd(service(name), around(service(name)));
    }
  });

  test(
    'SIGTERM stops each in order, and an attempt to send that has begun is finished',
    { timeout: 300_000 },
    async () => {
      mail.delay(6_000);
      await leaveCart('grace');
      await until(() => mail.mails.length === 2, { withinMs: 200_000, what: 'the attempt' });
      const states = () => db.selectFrom('sends').select('state').orderBy('created_at').execute();
      expect(await states()).toEqual([{ state: 'sent' }, { state: 'attempting' }]);

      // As Compose does: what depends on others before these.
      for (const name of ['worker', 'api', 'temporal']) {
        const { ended, output } = await running[name]!.stop();
        expect(ended, `${name}: ${output.slice(-1_000)}`).toBe(0);
      }
      expect(await states()).toEqual([{ state: 'sent' }, { state: 'sent' }]);
      expect((await running['api']!.check()).ended).toBe(1);
      expect((await running['worker']!.check()).output).toContain('/healthz does not answer: ECONNREFUSED');
    },
  );
});
