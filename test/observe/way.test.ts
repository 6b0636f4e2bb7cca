/**
 * What the processes of production say of one way from the HTTP request to the mail: in their logs, in their metrics
 * and in traces. And what they must never say: who it was about.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../src/embedded';
import { production, secretKey, writeKey, type Production } from '../e2e/processes';
import { until } from '../support';
import { otlpReceiver, type OtlpReceiver } from './otlp-receiver';
import { badlyNamed, readMetrics, total, type Family } from './prometheus';

const person = {
  name: 'Wilhelmina Featherstonehaugh',
  email: 'wilhelmina.f@persondata.example',
  phone: '+4915112345678',
  address: 'Rosengasse 17',
};
/** In lower case: as they came, and as addresses carry them. */
const personal = ['wilhelmina', 'featherstonehaugh', 'persondata', '15112345678', 'rosengasse', 'zebrafish'];
const secrets = [writeKey, secretKey, 'test-Passw0rd-42', 'signing_0123456789abcdef0123456789'];
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const caller = '00f067aa0ba902b7';

let stack: Production;
let collector: OtlpReceiver;
let ports: { router: number; worker: number };

beforeAll(async () => {
  collector = await otlpReceiver();
  ports = { router: await freePort(), worker: await freePort() };
  const common = (role: string) => ({
    SOJOURN_LOG_LEVEL: 'debug',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_SERVICE_NAME: `shop-${role}`,
    OTEL_BSP_SCHEDULE_DELAY: '200',
  });
  stack = await production({
    settings: {
      api: common('api'),
      router: { ...common('router'), SOJOURN_METRICS_PORT: String(ports.router) },
      worker: { ...common('worker'), SOJOURN_METRICS_PORT: String(ports.worker) },
    },
  });
  await walk();
});
afterAll(async () => {
  await stack?.close();
  await collector?.close();
});

const logs = () => Object.values(stack.roles).map((role) => role.output());
const lines = () =>
  logs().flatMap((output) =>
    output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );
const saying = (message: string) => lines().filter(({ msg }) => msg === message);

const scrape = async (url: string, key: string | undefined = secretKey): Promise<Map<string, Family>> => {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${key}` } });
  expect(response.status).toBe(200);
  return readMetrics(await response.text());
};
const urlOf = (role: 'api' | 'router' | 'worker') => (role === 'api' ? stack.url : `http://127.0.0.1:${ports[role]}`);

/** Two mails to one person: the first is put off once, the second is refused with the person's name in the answer. */
async function walk(): Promise<void> {
  const send = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(stack.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${writeKey}`, ...headers },
      body: JSON.stringify(body),
    });
  const userId = person.email;
  stack.mail.refuse(451, `<${person.email}> ${person.name} is to wait`);
  await send('/v1/identify', { userId, traits: person });
  const cart = { value: 80, note: 'zebrafish', items: [] };
  const traceparent = `00-${traceId}-${caller}-01`;
  expect((await send('/v1/track', { userId, event: 'add_to_cart', properties: cart }, { traceparent })).status).toBe(
    200,
  );
  // What is refused says why, and quotes what was wrong.
  await send('/v1/track', { userId, event: person.name, properties: 'zebrafish' });
  await send('/v1/batch', { batch: [{ type: person.name }, { type: 'identify', userId, traits: person }] });
  await send('/v1/track', { userId, event: 'x' }, { authorization: `Bearer ${person.email}` });
  for (const path of [`/v1/people/${userId}`, `/v1/people/${userId}/timeline`, `/no/${person.name}`]) {
    await fetch(stack.url + path, { headers: { authorization: `Bearer ${secretKey}` } });
  }
  await until(() => saying('Message is not sent yet').length > 0, { what: 'a mail that is put off' });
  stack.mail.refuse(undefined);
  await until(() => stack.mail.mails.length > 0, { what: 'the first mail' });
  stack.mail.refuse(550, `<${person.email}> no mailbox for ${person.name}`);
  const [unsubscribe] = /http\S+\/u\/[\w.~-]+/.exec(stack.mail.mails[0]!.text) ?? [];
  await fetch(unsubscribe!);
  await until(() => saying('Run ended').length > 0, { what: 'the end of the run' });
}

describe('the logs', () => {
  it('hold nothing that says who it was, and no key', () => {
    for (const output of logs()) {
      const said = output.toLowerCase();
      expect(personal.filter((word) => said.includes(word))).toEqual([]);
      expect(secrets.filter((secret) => output.includes(secret))).toEqual([]);
    }
    expect(stack.mail.mails[0]!.raw).toContain('Wilhelmina'); // what was looked for was there
  });

  it('tell of the run and its messages by the ids that the store has', async () => {
    const run = await stack.db.selectFrom('runs').selectAll().executeTakeFirstOrThrow();
    const about = { run: run.id, person: run.person_id, journey: 'reminder' };
    expect(saying('Run started')).toMatchObject([{ level: 'info', event: run.trigger_event_id, ...about }]);
    const sends = await stack.db.selectFrom('sends').selectAll().orderBy('created_at').execute();
    const [note, second] = sends;
    expect(saying('Message sent')).toMatchObject([{ level: 'info', message: 'note', send: note?.id, ...about }]);
    expect(saying('Message failed')).toMatchObject([{ level: 'warn', send: second?.id, ...about }]);
    expect(saying('Message is not sent yet')[0]).toMatchObject({ level: 'warn', message: 'note', ...about });
    expect(saying('Run ended')).toMatchObject([{ level: 'info', outcome: 'completed', ...about }]);
  });

  it('tell of requests by the route’s pattern', () => {
    const requests = saying('Request');
    expect(requests).toContainEqual(expect.objectContaining({ method: 'POST', route: '/v1/track', status: 200 }));
    expect(requests).toContainEqual(expect.objectContaining({ method: 'GET', route: '/v1/people/:id', status: 200 }));
    expect(requests).toContainEqual(expect.objectContaining({ route: 'unknown', status: 404 }));
    expect(requests.every(({ request }) => typeof request === 'string')).toBe(true);
  });
});

describe('the metrics', () => {
  it.each(['api', 'router', 'worker'] as const)('of the %s are what Prometheus wants', async (role) => {
    const families = await scrape(urlOf(role));
    const ours = [...families.values()].filter(({ name }) => name.startsWith('sojourn_'));
    expect(ours.length).toBeGreaterThan(20);
    expect([...families.values()].flatMap(badlyNamed)).toEqual([]);
    const text = JSON.stringify([...families.values()]).toLowerCase();
    expect(personal.filter((word) => text.includes(word))).toEqual([]);
  });

  it('count each stage of the way', async () => {
    const [api, router, worker] = await Promise.all([
      scrape(urlOf('api')),
      scrape(urlOf('router')),
      scrape(urlOf('worker')),
    ]);
    expect(total(api, 'sojourn_events_accepted_total', { type: 'track' })).toBe(1);
    expect(total(api, 'sojourn_accept_commit_seconds_count', { result: 'committed' })).toBeGreaterThan(1);
    expect(total(api, 'sojourn_events_rejected_total')).toBeGreaterThan(0);
    expect(total(api, 'sojourn_http_request_duration_seconds_count', { route: '/v1/people/:id' })).toBe(1);
    expect(total(router, 'sojourn_decisions_total', { journey: 'reminder', verdict: 'entered' })).toBe(1);
    expect(total(router, 'sojourn_decide_seconds_count')).toBeGreaterThan(0);
    expect(total(router, 'sojourn_deliveries_total', { kind: 'start' })).toBe(1);
    expect(total(router, 'sojourn_lag_seconds_count', { kind: 'start' })).toBe(1);
    expect(total(router, 'sojourn_lag_seconds_sum', { kind: 'start' })).toBeLessThan(10);
    expect(total(router, 'sojourn_delivery_leases_total', { result: 'settled' })).toBeGreaterThan(0);
    expect(router.get('sojourn_pending_events')?.samples).toMatchObject([{ value: 0 }]);
    expect(total(worker, 'sojourn_runs_ended_total', { journey: 'reminder', outcome: 'completed' })).toBe(1);
    const sent = { journey: 'reminder', channel: 'email', state: 'sent' };
    expect(total(worker, 'sojourn_sends_total', { message: 'note', ...sent })).toBe(1);
    expect(total(worker, 'sojourn_sends_total', { message: 'second-note', state: 'failed' })).toBe(1);
    expect(total(worker, 'sojourn_send_retries_total', { message: 'note' })).toBeGreaterThan(0);
    expect(total(worker, 'sojourn_attempt_seconds_count', { result: 'accepted' })).toBe(1);
    expect(total(worker, 'sojourn_attempt_seconds_count', { result: 'refused' })).toBe(1);
    expect(total(worker, 'sojourn_guard_answers_total', { answer: 'claimed' })).toBeGreaterThan(2);
    expect(total(worker, 'sojourn_workers', { current: 'true' })).toBe(1);
    expect(total(worker, 'sojourn_db_connections')).toBeGreaterThan(0);
  });

  it('of a worker hold those of Temporal’s SDK', async () => {
    const worker = await scrape(urlOf('worker'));
    expect(total(worker, 'temporal_workflow_task_schedule_to_start_latency_seconds_count')).toBeGreaterThan(0);
    expect(total(worker, 'temporal_activity_schedule_to_start_latency_seconds_count')).toBeGreaterThan(0);
    expect(worker.get('temporal_workflow_completed_total')?.samples).toHaveLength(1);
  });

  it('that the document names are there', async () => {
    const scraped = await Promise.all((['api', 'router', 'worker'] as const).map((role) => scrape(urlOf(role))));
    const there = new Set(scraped.flatMap((families) => [...families.keys()]));
    const named = (await readFile('docs/observe.md', 'utf8')).match(/\b(sojourn|temporal)_[a-z_]+[a-z]\b/g) ?? [];
    const names = new Set(named.map((name) => name.replace(/_(bucket|count)$/, '')));
    expect([...names].filter((name) => !there.has(name))).toEqual([]);
    const ours = [...there].filter((name) => name.startsWith('sojourn_'));
    expect(ours.filter((name) => !names.has(name))).toEqual([]);
  });

  it('are for the secret key, on every port; health is for everybody', async () => {
    for (const role of ['api', 'router', 'worker'] as const) {
      expect((await fetch(`${urlOf(role)}/metrics`)).status).toBe(401);
      const withWriteKey = { headers: { authorization: `Bearer ${writeKey}` } };
      expect((await fetch(`${urlOf(role)}/metrics`, withWriteKey)).status).toBe(403);
      expect((await fetch(`${urlOf(role)}/healthz`)).status).toBe(200);
    }
    const ready = await fetch(`${urlOf('worker')}/readyz`);
    expect(await ready.json()).toMatchObject({
      ready: true,
      parts: { postgres: { ready: true }, temporal: { ready: true }, worker: { ready: true } },
    });
  });
});

describe('the trace', () => {
  const spans = () => collector.spans.filter((span) => span.traceId === traceId);
  const named = (name: string) => spans().filter((span) => span.name === name);

  it('goes from the caller’s request through three processes to the mail', async () => {
    await until(() => named('send second-note').length > 0, { what: 'the last span' });
    const [request] = named('POST /v1/track');
    expect(request).toMatchObject({ service: 'shop-api', kind: 2, parentSpanId: caller });
    expect(request?.attributes).toMatchObject({ 'http.route': '/v1/track', 'http.response.status_code': '200' });
    const [commit] = named('accept.commit');
    expect(commit).toMatchObject({ service: 'shop-api', parentSpanId: request?.spanId });
    const caused = { parentSpanId: commit?.spanId };
    expect(named('decide')).toMatchObject([{ service: 'shop-router', ...caused }]);
    expect(named('decide')[0]?.attributes['sojourn.verdicts']).toBe('reminder entered');
    expect(named('deliver start')).toMatchObject([{ service: 'shop-router', kind: 3, ...caused }]);
    expect(named('check cart-is-open')).toMatchObject([{ service: 'shop-worker', ...caused }]);
    const [send] = named('send second-note');
    expect(send).toMatchObject({ service: 'shop-worker', ...caused });
    const inside = spans().filter((span) => span.parentSpanId === send?.spanId);
    expect(inside.map(({ name }) => name).sort()).toEqual(['attempt', 'guard']);
    expect(inside.find(({ name }) => name === 'attempt')).toMatchObject({
      kind: 3,
      attributes: { 'sojourn.result': 'refused', 'error.type': 'refused' },
    });
  });

  it('holds nothing that says who it was', () => {
    const raw = collector.raw().toLowerCase();
    expect(raw.length).toBeGreaterThan(1_000);
    expect(personal.filter((word) => raw.includes(word))).toEqual([]);
  });

  it('is not shown with the person', async () => {
    const headers = { authorization: `Bearer ${secretKey}` };
    const answer = await fetch(`${stack.url}/v1/people/${person.email}/timeline`, { headers });
    const text = await answer.text();
    expect(text).toContain('add_to_cart');
    expect(text).not.toContain('traceparent');
    expect(text).not.toContain(traceId);
  });
});
