/** The promises from outside: HTTP and Temporal's own client in, SMTP out, each role a process of its own. */
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSummary } from '../../src/http/answers';
import { resetToTheStart, until } from '../support';
import { production, secretKey, writeKey, type Production } from './processes';

let stack: Production;

beforeAll(async () => {
  stack = await production({ roles: { api: 'api', 'router-1': 'router', 'router-2': 'router', worker: 'worker' } });
});
afterAll(() => stack?.close());

const identify = (user: string) =>
  stack.post('/v1/identify', { userId: user, traits: { email: `${user}@example.com` } });
const mailsTo = (user: string) => stack.mail.mails.filter((mail) => mail.to.includes(`${user}@example.com`));
const runsOf = (user: string) =>
  stack.db
    .selectFrom('runs')
    .innerJoin('people', 'people.id', 'runs.person_id')
    .selectAll('runs')
    .where('people.user_id', '=', user)
    .orderBy('runs.id')
    .execute();
const ended = (user: string) =>
  until(async () => (await runsOf(user)).find((run) => run.state === 'ended'), { what: `the end of ${user}` });

describe('an event', () => {
  it('that comes 100 times at once through different endpoints starts one run and sends one message (P2, P3)', async () => {
    await identify('copies');
    const messageId = 'one-and-the-same';
    const ways = [
      () => stack.post('/v1/track', { userId: 'copies', event: 'add_to_cart', properties: { value: 80 }, messageId }),
      () =>
        stack.post('/v1/batch', {
          batch: [{ type: 'track', userId: 'copies', event: 'add_to_cart', properties: { value: 80 }, messageId }],
        }),
      () => stack.post('/api/log_event', { userId: 'copies', event: 'add_to_cart', value: 80, messageId }),
      () => stack.post('/track-event', { userId: 'copies', event: 'add_to_cart', value: 80, messageId }),
    ];
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => ways[n % ways.length]!()));
    expect(answers.filter((answer) => answer.status >= 300)).toEqual([]);
    await ended('copies');
    expect(await runsOf('copies')).toHaveLength(1);
    expect(mailsTo('copies').map((mail) => mail.subject.split(' ')[0])).toEqual(['note', 'second-note']);
  });

  it('of each of 100 people, 20 in a row, is heard once and in order, with two routers (P4)', async () => {
    const users = Array.from({ length: 100 }, (_, n) => `listener-${n}`);
    await Promise.all(users.map((user) => stack.track(user, 'sign_up')));
    // In order for each person, in any order between them.
    await Promise.all(
      users.map(async (user) => {
        for (let n = 0; n < 20; n++) await stack.track(user, 'view_item', { n });
      }),
    );
    const heard = await until(
      async () => {
        const rows = await stack.db
          .selectFrom('people')
          .select(['user_id', 'traits'])
          .where('user_id', 'like', 'listener-%')
          .execute();
        const done = rows.filter((row) => Array.isArray(row.traits.heard));
        return done.length === users.length && done.map((row) => row.traits.heard);
      },
      { withinMs: 90_000, everyMs: 500, what: 'what everybody heard' },
    );
    for (const one of heard) expect(one).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it('that comes before its run is up is heard: no message after the purchase (P4)', async () => {
    await stack.roles.worker!.stop();
    await identify('early');
    await stack.track('early', 'add_to_cart', { value: 80 });
    await until(async () => (await runsOf('early')).length === 1);
    await sleep(500);
    await stack.track('early', 'purchase', { value: 80 });
    await sleep(500);
    await stack.roles.worker!.start();
    expect(await ended('early')).toMatchObject({ outcome: 'converted' });
    await sleep(6_000);
    expect(mailsTo('early')).toEqual([]);
  });

  it('is acknowledged while Temporal is down, and takes effect once it is back (P1)', async () => {
    await stack.temporal.kill();
    await identify('patient');
    await stack.track('patient', 'add_to_cart', { value: 80 });
    await stack.temporal.start();
    await ended('patient');
    expect(mailsTo('patient')).toHaveLength(2);
  });

  it('is refused with 503 and Retry-After while PostgreSQL is down, without a restart after', async () => {
    await stack.postgres.kill();
    const refused = await until(async () => {
      const response = await fetch(`${stack.url}/v1/track`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${writeKey}` },
        body: JSON.stringify({ userId: 'away', event: 'add_to_cart', properties: { value: 80 } }),
      });
      return response.status === 503 && response;
    });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    await stack.postgres.start();
    await until(async () => (await identify('away')).status === 200);
    await stack.track('away', 'add_to_cart', { value: 80 });
    await ended('away');
    expect(mailsTo('away')).toHaveLength(2);
  });
});

describe('a live run', () => {
  it('says what it waits for and until when, and no longer than it does', async () => {
    const shown = async (user: string) => {
      const response = await fetch(`${stack.url}/v1/runs?person=${user}`, {
        headers: { authorization: `Bearer ${secretKey}` },
      });
      const { runs } = (await response.json()) as { runs: RunSummary[] };
      return runs[0];
    };
    await identify('looked-at');
    const before = Date.now();
    await stack.track('looked-at', 'add_to_cart', { value: 80 });
    const waits = await until(async () => (await shown('looked-at'))?.waiting);
    expect(waits).toMatchObject({ step: 'idle 4s', label: 'waits for 4 seconds without activity' });
    expect(Date.parse(waits.until!) - before).toBeGreaterThan(2_000);
    expect(Date.parse(waits.until!) - before).toBeLessThan(20_000);
    await until(async () => (await shown('looked-at'))?.waiting?.step === 'sleep 2s');
    await ended('looked-at');
    expect((await shown('looked-at'))?.waiting).toBeNull();
  });
});

describe('SMTP', () => {
  it('that is down shows as waiting, and gets the message once when it is back (P6)', async () => {
    await stack.mail.stop();
    await identify('waiting');
    await stack.track('waiting', 'add_to_cart', { value: 80 });
    const [run] = await until(async () => {
      const runs = await runsOf('waiting');
      return runs.length > 0 && runs;
    });
    await until(
      async () => {
        const send = await stack.db.selectFrom('sends').selectAll().where('run_id', '=', run!.id).executeTakeFirst();
        return send?.state === 'claimed' && send.attempts >= 2;
      },
      { what: 'a send that waits' },
    );
    await stack.mail.start();
    await ended('waiting');
    expect(mailsTo('waiting')).toHaveLength(2);
  });
});

describe('two known users whom a server joins', () => {
  it('have one run; a purchase under the old user id right after ends it, and no message comes after that (P2, P4, P5)', async () => {
    for (const user of ['joined-old', 'joined']) await identify(user);
    // The younger run is the one's who stays.
    for (const user of ['joined-old', 'joined']) await stack.track(user, 'add_to_cart', { value: 80 });
    await until(async () => (await runsOf('joined')).length === 1 && (await runsOf('joined-old')).length === 1);
    const alias = { userId: 'joined', previousId: 'joined-old', messageId: 'they are one' };
    // Repeated at once, as by senders that had no answer.
    const answers = await Promise.all([1, 2, 3].map(() => stack.post('/v1/alias', alias)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const purchase = { userId: 'joined-old', event: 'purchase', properties: { value: 80 }, messageId: 'order-joined' };
    for (const body of [purchase, { ...purchase, userId: 'joined' }]) await stack.post('/v1/track', body);

    const runs = await until(async () => {
      const all = await runsOf('joined');
      return all.length === 2 && all.every((run) => run.state === 'ended') && all;
    });
    expect(runs.map((run) => [run.workflow_id, run.outcome])).toEqual([
      ['reminder/joined-old', 'converted'],
      ['reminder/joined', 'superseded'],
    ]);
    const connection = await Connection.connect({ address: stack.temporal.address });
    try {
      const client = new Client({ connection, namespace: stack.temporal.namespace });
      for (const run of runs) {
        const told = await client.workflow.getHandle(run.workflow_id).result();
        expect(told).toMatchObject({ outcome: run.outcome });
      }
      // Under the old user id it is who has entered already.
      const again = await client.workflow.start('reminder', {
        taskQueue: 'sojourn',
        workflowId: 'reminder/joined-old',
        args: [],
      });
      expect(await again.result()).toEqual({ outcome: 'not_entered', reason: 'entry_limit' });
    } finally {
      await connection.close();
    }
    await sleep(6_000);
    const attempts = await stack.db
      .selectFrom('attempts')
      .innerJoin('sends', 'sends.id', 'attempts.send_id')
      .innerJoin('runs', 'runs.id', 'sends.run_id')
      .select(['attempts.number', 'runs.end_number'])
      .where('runs.id', 'in', [...runs.map(({ id }) => id)])
      .execute();
    expect(attempts.filter(({ number, end_number }) => Number(number) > Number(end_number))).toEqual([]);
    expect([...mailsTo('joined-old'), ...mailsTo('joined')]).toHaveLength(attempts.length);
  });
});

describe("Temporal's own client", () => {
  it('starts a journey and signals it; the entry rules and the promises hold', async () => {
    const connection = await Connection.connect({ address: stack.temporal.address });
    const client = new Client({ connection, namespace: stack.temporal.namespace });
    try {
      await identify('outside');
      const start = () =>
        client.workflow.start('reminder', {
          taskQueue: 'sojourn',
          workflowId: 'reminder/outside',
          args: [{ userId: 'outside', properties: { value: 80, lastActivity: Date.now() } }],
        });
      const handle = await start();
      const [run] = await until(async () => {
        const runs = await runsOf('outside');
        return runs.length > 0 && runs;
      });
      expect(run).toMatchObject({ workflow_id: 'reminder/outside', temporal_run_id: handle.firstExecutionRunId });
      await handle.signal('event', { event: 'purchase', properties: { value: 80 }, messageId: 'bought-1' });
      expect(await ended('outside')).toMatchObject({ outcome: 'converted' });
      await handle.result();
      // Once per 24 hours, also from here.
      const again = await start();
      expect(await again.result()).toMatchObject({ outcome: 'not_entered' });
      expect(mailsTo('outside')).toEqual([]);
    } finally {
      await connection.close();
    }
  });

  it('ends a run behind our back: the row ends too, and the person may enter again later', async () => {
    const connection = await Connection.connect({ address: stack.temporal.address });
    const client = new Client({ connection, namespace: stack.temporal.namespace });
    try {
      await stack.track('terminated', 'sign_up');
      const [run] = await until(async () => {
        const runs = await runsOf('terminated');
        return runs[0]?.temporal_run_id && runs;
      });
      // A row is left alone while it may still be on its way.
      await stack.db
        .updateTable('runs')
        .set({ wall_created_at: new Date(Date.now() - 120_000) })
        .where('id', '=', run!.id)
        .execute();
      await client.workflow.getHandle(run!.workflow_id).terminate('by hand');
      expect(await ended('terminated')).toMatchObject({ outcome: 'terminated' });
    } finally {
      await connection.close();
    }
  });

  it('resets a run: it goes on as the same run, and nothing is sent twice (P6)', async () => {
    const connection = await Connection.connect({ address: stack.temporal.address });
    const client = new Client({ connection, namespace: stack.temporal.namespace });
    try {
      await identify('reset');
      await stack.track('reset', 'add_to_cart', { value: 80 });
      await until(() => mailsTo('reset').length === 1, { what: 'the first message' });
      const [run] = await runsOf('reset');
      await resetToTheStart(client, { workflowId: run!.workflow_id, runId: run!.temporal_run_id! });
      expect(await ended('reset')).toMatchObject({ outcome: 'completed' });
      expect(mailsTo('reset').map((mail) => mail.subject.split(' ')[0])).toEqual(['note', 'second-note']);
      const [after] = await runsOf('reset');
      expect(after!.temporal_run_id).not.toBe(run!.temporal_run_id);
    } finally {
      await connection.close();
    }
  });

  it('resets a run that it started, to before the entry rules let it in: it goes on as the same run (P3, P6)', async () => {
    const connection = await Connection.connect({ address: stack.temporal.address });
    const client = new Client({ connection, namespace: stack.temporal.namespace });
    try {
      await identify('started');
      const workflowId = 'reminder/started';
      await client.workflow.start('reminder', { taskQueue: 'sojourn', workflowId, args: [{ userId: 'started' }] });
      await until(async () => (await runsOf('started')).length === 1);
      await stack.track('started', 'add_to_cart', { value: 80 });
      await until(() => mailsTo('started').length === 1, { what: 'the first message' });
      const [run] = await runsOf('started');
      await resetToTheStart(client, { workflowId, runId: run!.temporal_run_id! });
      expect(await ended('started')).toMatchObject({ id: run!.id, outcome: 'completed' });
      expect(mailsTo('started').map((mail) => mail.subject.split(' ')[0])).toEqual(['note', 'second-note']);
      expect(await client.workflow.getHandle(workflowId).result()).toMatchObject({ outcome: 'completed' });
      const after = await runsOf('started');
      expect(after).toHaveLength(1);
      expect(after[0]!.temporal_run_id).not.toBe(run!.temporal_run_id);
    } finally {
      await connection.close();
    }
  });
});
