/** docs/observe.md, run as it stands: a worker that sends its traces to a collector, and what it writes to its log. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { production, secretKey, writeKey, type Production } from '../e2e/processes';
import { blocks } from '../house/docs';
import { root } from '../house/sources';
import { otlpReceiver, type OtlpReceiver, type ReceivedSpan } from '../observe/otlp-receiver';
import { until } from '../support';
import { snippets, startShell, type Running } from './snippets';

const document = 'docs/observe.md';
let stack: Production;
let collector: OtlpReceiver;
let worker: Running;

beforeAll(async () => {
  collector = await otlpReceiver();
  // The document wants it of every process.
  const settings = { api: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } };
  stack = await production({ roles: { api: 'api,router' }, settings });
  const [commands = ''] = snippets(document, 'sh', 'Traces');
  expect(commands).toContain('http://collector:4318');
  const env = {
    DATABASE_URL: stack.postgres.url,
    TEMPORAL_ADDRESS: stack.temporal.address,
    SMTP_URL: stack.mail.url,
    SOJOURN_FROM: 'Test Shop <shop@example.com>',
    SOJOURN_PUBLIC_URL: stack.url,
    SOJOURN_WRITE_KEY: writeKey,
    SOJOURN_SECRET_KEY: secretKey,
    SOJOURN_ADMIN_PASSWORD: 'test-Passw0rd-42',
    SOJOURN_SIGNING_KEY: 'signing_0123456789abcdef0123456789',
  };
  const here = commands.replace('http://collector:4318', collector.url);
  worker = startShell(here, env, join(root, 'test/e2e/content'));
  await stack.post('/v1/identify', { userId: 'ada', traits: { email: 'ada@example.com' } });
  await stack.track('ada', 'add_to_cart', { value: 80, items: [{ item_id: 'desk', price: 80, quantity: 1 }] });
  const sent = () => stack.mail.mails.length > 0;
  await until(sent, { withinMs: 240_000, what: 'the mail' }).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${worker.stdout()}${worker.stderr()}`);
  });
}, 300_000);
afterAll(async () => {
  await worker?.stop();
  await stack?.close();
  await collector?.close();
});

test('what the worker does arrives under the name that it was given, in the trace of the request', async () => {
  const sent = await until(() => collector.spans.find(({ name }) => name.startsWith('send ')));
  expect(sent.service).toBe('sojourn-worker');
  const request = ({ name, traceId }: ReceivedSpan) => name === 'POST /v1/track' && traceId === sent.traceId;
  const begun = await until(() => collector.spans.find(request));
  expect(begun.service).toBe('sojourn');
});

test('the line of a message that was sent has the fields of the one shown', async () => {
  const [shown] = blocks(document).filter(({ language, heading }) => language === 'json' && heading === 'Logs');
  const line = await until(
    () =>
      worker
        .stdout()
        .split('\n')
        .find((each) => each.includes('"Message sent"')),
    { what: 'the line' },
  );
  const fields = (json: string) => Object.keys(JSON.parse(json) as object);
  expect(fields(line)).toEqual(fields(shown!.text));
});
