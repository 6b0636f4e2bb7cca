/** What is taken out of what is written down, and what stays. */
import { createRequire } from 'node:module';
import { Writable } from 'node:stream';
import { describe, expect, it, test } from 'vitest';
import {
  createLog,
  createMetrics,
  masked,
  noTracing,
  parseTraceparent,
  safeError,
  startTracing,
  wantsTraces,
} from '../../src/observe';
import { badlyNamed, readMetrics } from './prometheus';

/** A log and the lines it wrote. */
function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  write(createLog({ to }));
  return text;
}

describe('masked', () => {
  test.each([
    ['550 5.1.1 <ada@example.com> unknown', '550 5.1.1 <…@…> unknown'],
    ['to: ada.l+x@mail.example.co.uk, twice', 'to: …@…, twice'],
    ['postgres://sojourn:secret@db.internal:5432/x', 'postgres://(…)@db.internal:5432/x'],
    ['call +49 (151) 1234-5678 now', 'call +… now'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer …'],
    ['key wk_0123456789abcdef refused', 'key wk_… refused'],
    ['key bk_0123456789abcdef refused', 'key bk_… refused'],
    ['api key_0123456789abcdef', 'api key_…'],
    ['api key_0123456789ab-cdef', 'api key_…'],
    ['GET /u/eyJwZXJzb24iOiI3In0.c2lnbmF0dXJl', 'GET /u/…'],
  ])('%s', (text, instead) => {
    expect(masked(text)).toBe(instead);
  });

  test.each([
    '2026-03-01T12:00:00.000+00:00',
    '{"run":"12345678901","waitedMs":1234567}',
    '{"key":"key_0123456789ab"}',
    'reminder/u1, run 17, connect ECONNREFUSED 127.0.0.1:5432',
    '@temporalio/worker 1.24.0',
    '/srv/app/node_modules/@temporalio/worker/lib/worker.js:12:34',
  ])('leaves %s', (text) => {
    expect(masked(text)).toBe(text);
  });
});

describe('an error that is written down', () => {
  test('of PostgreSQL says where, and not the row', () => {
    const error = Object.assign(new Error('invalid input syntax for type bigint: "Ada Lovelace"'), {
      ...{ severity: 'ERROR', code: '22P02', table: 'people', detail: 'Failing row contains (Ada Lovelace)' },
    });
    const safe = safeError(error);
    expect(safe).toMatchObject({ code: '22P02', table: 'people', message: 'invalid input syntax for type bigint: …' });
    expect(JSON.stringify(safe)).not.toContain('Lovelace');
  });

  test('of a mail server says its code', () => {
    const error = Object.assign(new Error('Message failed: 550 no mailbox for Ada'), {
      ...{ code: 'EENVELOPE', responseCode: 550, response: '550 no mailbox for Ada', rejected: ['ada@example.com'] },
    });
    const safe = safeError(error);
    expect(safe).toMatchObject({ code: 'EENVELOPE', message: 'the mail server answered 550' });
    expect(JSON.stringify(safe).toLowerCase()).not.toContain('ada');
  });

  test('keeps its causes and frames, and no message twice', () => {
    const safe = safeError(new TypeError('outer ada@example.com', { cause: new Error('inner ada@example.com') }));
    expect(safe).toMatchObject({ type: 'TypeError', message: 'outer …@…', cause: { message: 'inner …@…' } });
    expect(safe.stack).toMatch(/^\s+at /);
    expect(safe.stack).not.toContain('outer');
  });
});

describe('the log', () => {
  it('never writes what holds a person or a secret, wherever a caller puts it', () => {
    const text = logged((log) => {
      log.info({ email: 'Ada', traits: { name: 'Lovelace' }, mail: { subject: 'Hi Ada' }, run: '7' }, 'Said');
      log.warn({ about: 'mail to ada@example.com failed' }, 'ada@example.com again');
    });
    expect(text).toContain('"run":"7"');
    expect(text).not.toMatch(/ada|lovelace/i);
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { level: string }).level),
    ).toEqual(['info', 'warn']);
  });
});

describe('metrics', () => {
  it('are named by the conventions, each with what it means', async () => {
    const metrics = createMetrics();
    metrics.watchPool(() => ({ total: 3, idle: 1, waiting: 0 }));
    metrics.request('/v1/track', 200, performance.now());
    metrics.addSource(() =>
      Promise.resolve('# HELP other_total Of others\n# TYPE other_total counter\nother_total 1\n'),
    );
    metrics.addSource(() => Promise.reject(new Error('away')));
    const families = readMetrics(await metrics.text());
    expect(families.get('sojourn_db_connections')?.samples.map(({ value }) => value)).toEqual([1, 2]);
    expect(families.get('other_total')?.samples).toMatchObject([{ value: 1 }]);
    const ours = [...families.values()].filter(({ name }) => name.startsWith('sojourn_'));
    expect(ours.flatMap(badlyNamed)).toEqual([]);
  });
});

describe('traces', () => {
  test.each([
    [{}, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }, true],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, true],
    [{ OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, false],
    [{ OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, false],
  ])('are wanted by %o: %s', (env, wanted) => {
    expect(wantsTraces(env)).toBe(wanted);
  });

  test('that nobody wants load nothing of its SDK', async () => {
    const loaded = () =>
      Object.keys(createRequire(import.meta.url).cache).filter((file) =>
        /@opentelemetry\/(sdk-trace|exporter)/.test(file),
      );
    const log = createLog({ level: 'silent' });
    expect(await startTracing({}, log)).toBe(noTracing);
    expect(loaded()).toEqual([]);
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
    const tracing = await startTracing(env, log);
    expect(tracing.on).toBe(true);
    expect(loaded()).not.toEqual([]);
    await tracing.stop();
  });

  test('that nobody wants run the work and nothing else', async () => {
    expect(noTracing.current()).toBeUndefined();
    expect(await noTracing.span('x', {}, () => Promise.resolve(7))).toBe(7);
  });

  test.each([
    '',
    'ada@example.com',
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
    'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-${'x'.repeat(1_000)}`,
    7,
  ])('begin anew with a traceparent that is none (%#)', (text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });
});
