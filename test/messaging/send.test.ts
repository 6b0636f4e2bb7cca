/** P6 and P7 on a real PostgreSQL and a real SMTP server: once per step, never silently twice, caps that hold. */
import { sql } from 'kysely';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RetryLater } from '../../src/errors';
import { closeLapsedLeases, listSends, pauseMessage, settleUncertain, type EmailProvider } from '../../src/messaging';
import { endRuns } from '../../src/runs';
import { nextNumbers, withPeopleLocked } from '../../src/db';
import type { Carried, SendOutcome, SendRequest } from '../../src/journey';
import type { Sender } from '../../src/messaging';
import { scratchFolder, until } from '../support';
import { ask, openBench, signer, type Bench } from './setup';

const somebody = { id: 'key_0123456789ab', name: 'on call' };

const folder = await scratchFolder();
let bench: Bench;
beforeAll(async () => {
  bench = await openBench(folder);
});
afterAll(() => bench?.close());
beforeEach(() => {
  bench.peer.mails.length = 0;
  bench.peer.refuse(undefined);
  bench.peer.drop(false);
  bench.peer.delay(0);
});

/** As the run's activity does: asks again until there is an answer. */
async function settled(sender: Sender, carried: Carried, request: SendRequest): Promise<SendOutcome> {
  for (;;) {
    try {
      return await sender.send(carried, request);
    } catch (error) {
      if (!(error instanceof RetryLater)) throw error;
      await sleep(Math.min(error.afterMs ?? 50, 100));
    }
  }
}

describe('a send', () => {
  test('arrives, with what mail programs need, and answers the same when asked again', async () => {
    const carried = await bench.live({ email: 'Ada@Example.com', name: 'Ada\r\nBcc: eve@example.com' });
    const request = ask(carried);
    const outcome = await bench.sender().send(carried, request);
    expect(outcome).toMatchObject({ status: 'sent' });
    expect(await bench.sender().send(carried, request)).toEqual(outcome);

    expect(bench.peer.mails).toHaveLength(1);
    const [mail] = bench.peer.mails;
    expect(mail?.to).toEqual(['Ada@example.com']);
    expect(mail?.from).toBe('hello@shop.example');
    expect(mail?.messageId).toBe(`<${outcome.id}@shop.example>`);
    expect(mail?.headers.get('bcc')).toBeUndefined();
    expect(mail?.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    const [, token = ''] =
      /^<https:\/\/shop\.example\/u\/(.+)>$/.exec(mail?.headers.get('list-unsubscribe') ?? '') ?? [];
    expect(signer.readUnsubscribe(token)).toEqual({
      personId: carried.run.personId,
      topic: 'news',
      sendId: outcome.id,
    });
    expect(mail?.text).toContain('https://shop.example/go?a=1&b=2');
    const [, click = ''] = /href="https:\/\/shop\.example\/t\/([^"]+)"/.exec(mail?.html ?? '') ?? [];
    expect(signer.readClick(click)).toEqual({ sendId: outcome.id, position: 0 });
    const link = await bench.db.selectFrom('links').selectAll().where('send_id', '=', outcome.id).execute();
    expect(link).toEqual([{ send_id: outcome.id, position: 0, url: 'https://shop.example/go?a=1&b=2' }]);
    expect(await bench.row(request)).toMatchObject({ state: 'sent', attempts: 1, address: 'Ada@example.com' });
  });

  test('is made once, whoever asks at once', async () => {
    const carried = await bench.live();
    const request = ask(carried);
    bench.peer.delay(100);
    const senders = [bench.sender(), bench.sender()];
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => settled(senders[i % 2]!, carried, request)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(bench.peer.mails).toHaveLength(1);
  });

  test('waits while SMTP is down, visibly, and arrives once when it is back', async () => {
    const carried = await bench.live();
    const request = ask(carried);
    await bench.peer.stop();
    await expect(bench.sender().send(carried, request)).rejects.toThrow(/is not sent yet/);
    expect(await bench.row(request)).toMatchObject({ state: 'claimed', reason: 'connection refused' });
    await bench.peer.start();
    expect(await settled(bench.sender(), carried, request)).toMatchObject({ status: 'sent' });
    expect(bench.peer.mails).toHaveLength(1);
    expect(await bench.attempts((await bench.row(request)).id)).toMatchObject([
      { outcome: 'not_sent' },
      { outcome: 'accepted' },
    ]);
  });

  test('is tried again after a 4xx answer', async () => {
    const carried = await bench.live();
    bench.peer.refuse(451);
    await expect(bench.sender().send(carried, ask(carried))).rejects.toThrow(/451/);
    bench.peer.refuse(undefined);
    expect(await bench.sender().send(carried, ask(carried))).toMatchObject({ status: 'sent' });
  });

  test('fails for good after a 5xx answer; an address that does not exist gets nothing more', async () => {
    const carried = await bench.live({ email: 'nobody@example.com' });
    bench.peer.refuse(550, '5.1.1 no such user');
    expect(await bench.sender().send(carried, ask(carried))).toMatchObject({ status: 'failed', reason: /550/ });
    bench.peer.refuse(undefined);
    const again = await bench.live({ email: ' NOBODY@example.com ' });
    expect(await bench.sender().send(again, ask(again, 'receipt'))).toMatchObject({
      status: 'skipped',
      reason: 'suppressed',
    });
    expect(bench.peer.mails).toHaveLength(0);
  });

  test('keeps its reason when it can not be rendered', async () => {
    const carried = await bench.live();
    expect(await bench.sender().send(carried, ask(carried, 'gone'))).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining("no message 'gone'"),
    });
  });
});

describe('an attempt without an answer', () => {
  test('leaves marketing uncertain, for an operator to settle', async () => {
    const carried = await bench.live();
    const request = ask(carried);
    bench.peer.drop(true);
    const outcome = await bench.sender().send(carried, request);
    expect(outcome).toMatchObject({ status: 'uncertain' });
    bench.peer.drop(false);
    expect(await bench.sender().send(carried, request)).toEqual(outcome);
    expect(bench.peer.mails).toHaveLength(1);
    const uncertain = await listSends(bench.db, { state: 'uncertain', limit: 100 });
    expect(uncertain.map(({ id }) => id)).toContain(outcome.id);

    const operator = { db: bench.db, clock: bench.clock, sender: bench.sender() };
    expect(await settleUncertain(operator, outcome.id, 'resend', somebody)).toEqual({ status: 'sent', id: outcome.id });
    expect(bench.peer.mails.map(({ messageId }) => messageId)).toEqual(Array(2).fill(`<${outcome.id}@shop.example>`));
    expect(await settleUncertain(operator, outcome.id, 'failed', somebody)).toBeUndefined();
  });

  test('is repeated for a transactional message, under the same Message-ID', async () => {
    const carried = await bench.live();
    const request = ask(carried, 'receipt');
    bench.peer.drop(true);
    await expect(bench.sender().send(carried, request)).rejects.toThrow(RetryLater);
    bench.peer.drop(false);
    const outcome = await bench.sender().send(carried, request);
    expect(outcome).toMatchObject({ status: 'sent' });
    expect(new Set(bench.peer.mails.map(({ messageId }) => messageId)).size).toBe(1);
    expect(await bench.attempts(outcome.id)).toMatchObject([{ outcome: 'uncertain' }, { outcome: 'accepted' }]);
  });

  test('is not repeated without end', async () => {
    const carried = await bench.live();
    bench.peer.drop(true);
    expect(await settled(bench.sender(), carried, ask(carried, 'receipt'))).toMatchObject({ status: 'uncertain' });
    expect(bench.peer.mails).toHaveLength(3);
  });

  test('and is then refused for good may be out all the same: it stays uncertain, and is not tried again', async () => {
    const carried = await bench.live();
    const request = ask(carried, 'receipt');
    bench.peer.drop(true);
    await expect(bench.sender().send(carried, request)).rejects.toThrow(RetryLater);
    bench.peer.refuse(554, '5.7.1 no');
    expect(await bench.sender().send(carried, request)).toMatchObject({ status: 'uncertain' });
    expect(await bench.row(request)).toMatchObject({ state: 'uncertain', reason: 'refused 554 5.7.1' });
    expect(bench.peer.mails).toHaveLength(1);
  });

  test('is guarded before it is repeated', async () => {
    const carried = await bench.live();
    const request = ask(carried, 'receipt');
    bench.peer.drop(true);
    await expect(bench.sender().send(carried, request)).rejects.toThrow(RetryLater);
    bench.peer.drop(false);
    await end(carried);
    expect(await bench.sender().send(carried, request)).toMatchObject({ status: 'uncertain' });
    expect(bench.peer.mails).toHaveLength(1);
  });
});

describe('a process that dies in an attempt', () => {
  const neverAnswers: EmailProvider = { name: 'dead', send: () => new Promise(() => undefined) };

  /** Claims, and gets no further: what SIGKILL between attempt and receipt leaves. */
  async function abandoned(messageId: string) {
    const carried = await bench.live();
    const request = ask(carried, messageId);
    void bench.sender({ email: neverAnswers }).send(carried, request);
    await until(() =>
      bench.db.selectFrom('sends').select('id').where('step_key', '=', request.stepKey).executeTakeFirst(),
    );
    return { carried, request };
  }
  const leaseOver = (request: SendRequest) =>
    sql`update sojourn.sends set lease_until = now() - interval '1 second' where step_key = ${request.stepKey}`.execute(
      bench.db,
    );

  test('by SIGKILL, after the server took the message: it is not sent again', async () => {
    const carried = await bench.live();
    const request = ask(carried);
    bench.peer.delay(20_000);
    const job = { databaseUrl: bench.store.url, smtpUrl: bench.peer.url, folder, carried, request };
    const script = fileURLToPath(new URL('one-send.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(job)], { stdio: 'inherit' });
    const gone = once(child, 'exit');
    try {
      await until(() => bench.peer.mails.length === 1, {
        withinMs: 90_000,
        what: 'the mail of the process to be killed',
      });
    } finally {
      child.kill('SIGKILL');
      await gone;
    }
    bench.peer.delay(0);
    await expect(bench.sender().send(carried, request)).rejects.toThrow(RetryLater);
    await leaseOver(request);
    expect(await bench.sender().send(carried, request)).toMatchObject({ status: 'uncertain' });
    expect(bench.peer.mails).toHaveLength(1);
  });

  test('bars others while its lease is open', async () => {
    const { carried, request } = await abandoned('news');
    const refused = await bench
      .sender()
      .send(carried, request)
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RetryLater);
    expect((refused as RetryLater).afterMs).toBeGreaterThan(30_000);
    expect(bench.peer.mails).toHaveLength(0);
  });

  test('leaves marketing uncertain and transactional mail to be sent', async () => {
    const marketing = await abandoned('news');
    await leaseOver(marketing.request);
    expect(await bench.sender().send(marketing.carried, marketing.request)).toMatchObject({ status: 'uncertain' });
    expect(bench.peer.mails).toHaveLength(0);

    const receipt = await abandoned('receipt');
    await leaseOver(receipt.request);
    expect(await bench.sender().send(receipt.carried, receipt.request)).toMatchObject({ status: 'sent' });
    expect(bench.peer.mails).toHaveLength(1);
  });

  test('is noticed also when nobody asks again', async () => {
    const { request } = await abandoned('news');
    await leaseOver(request);
    expect(await closeLapsedLeases(bench.db, new Date())).toBeGreaterThan(0);
    expect(await bench.row(request)).toMatchObject({ state: 'uncertain' });
  });

  test('may come late with its receipt, also after another attempt that was refused', async () => {
    const { carried, request, answer } = await slow('news');
    await leaseOver(request);
    expect(await bench.sender().send(carried, request)).toMatchObject({ status: 'uncertain' });
    answer();
    await until(async () => (await bench.row(request)).state === 'sent');

    const second = await slow('receipt');
    await leaseOver(second.request);
    bench.peer.refuse(550, '5.7.1 no');
    expect(await bench.sender().send(second.carried, second.request)).toMatchObject({ status: 'uncertain' });
    second.answer();
    expect(await second.done).toMatchObject({ status: 'sent' });
    expect(await bench.row(second.request)).toMatchObject({ state: 'sent' });
  });

  async function slow(messageId: string) {
    const carried = await bench.live();
    const request = ask(carried, messageId);
    let answer = () => {};
    let handed = false;
    const email: EmailProvider = {
      name: 'slow',
      send: () => {
        handed = true;
        return new Promise((resolve) => (answer = () => resolve({ kind: 'accepted', response: '250 late' })));
      },
    };
    const done = bench.sender({ email }).send(carried, request);
    await until(() => handed);
    return { carried, request, answer: () => answer(), done };
  }
});

describe('the guard', () => {
  test('decides what is pending first', async () => {
    const carried = await bench.live();
    const { personId } = carried.run;
    const { rows } = await sql<{ id: string }>`insert into sojourn.pending (event_id, event_accepted_at, person_id)
      values (${personId}, now(), ${personId}) returning event_id as id`.execute(bench.db);
    expect(rows).toHaveLength(1);
    let settledFor = '';
    const settle = async (id: string) => {
      settledFor = id;
      await end(carried);
      await bench.db.deleteFrom('pending').where('person_id', '=', id).execute();
    };
    expect(await bench.sender({ settle }).send(carried, ask(carried))).toMatchObject({ reason: 'exited' });
    expect(settledFor).toBe(personId);
    expect(bench.peer.mails).toHaveLength(0);
  });

  test('gives way when events keep coming', async () => {
    const carried = await bench.live();
    await sql`insert into sojourn.pending (event_id, event_accepted_at, person_id)
      values (${carried.run.personId}, now(), ${carried.run.personId})`.execute(bench.db);
    await expect(bench.sender({ settle: () => Promise.resolve() }).send(carried, ask(carried))).rejects.toThrow(
      RetryLater,
    );
    expect(bench.peer.mails).toHaveLength(0);
  });

  test('skips for a run of another number, the holdout, shadow, no address, a no', async () => {
    const reason = async (carried: Carried) => {
      const outcome = await bench.sender().send(carried, ask(carried));
      return outcome.status === 'skipped' ? outcome.reason : outcome.status;
    };
    const other = await bench.live();
    expect(await reason({ ...other, run: { ...other.run, number: other.run.number + 1000 } })).toBe('superseded');
    expect(await reason(await bench.run(await bench.person(), { holdout: true }))).toBe('holdout');
    expect(await reason(await bench.run(await bench.person(), { mode: 'shadow' }))).toBe('shadow');
    expect(await reason(await bench.live({ name: 'Ada' }))).toBe('unreachable');
    expect(await reason(await bench.live({ email: 'a@b.example, c@d.example' }))).toBe('unreachable');
    const no = await bench.live();
    await bench.consents.unsubscribe({ personId: no.run.personId, source: 'test' });
    expect(await reason(no)).toBe('unsubscribed');
    const gone = await bench.live();
    await bench.db.deleteFrom('people').where('id', '=', gone.run.personId).execute();
    expect(await reason(gone)).toBe('erased');
    expect(bench.peer.mails).toHaveLength(0);
  });

  test('holds while the journey or the message is paused, and judges again afterwards', async () => {
    const carried = await bench.live();
    await pauseMessage(bench, 'news', true, somebody);
    expect(await bench.sender().send(carried, ask(carried))).toMatchObject({
      status: 'held',
      reason: 'message_paused',
    });
    expect(await bench.row(ask(carried))).toMatchObject({ state: 'held' });
    await pauseMessage(bench, 'news', false, somebody);
    expect(await bench.sender().send(carried, ask(carried))).toMatchObject({ status: 'sent' });
  });

  test('follows a person who was merged', async () => {
    const carried = await bench.live({ name: 'Ada' });
    const survivor = await bench.person({ email: 'survivor@example.com' });
    await bench.db
      .updateTable('people')
      .set({ merged_into: survivor })
      .where('id', '=', carried.run.personId)
      .execute();
    expect(await bench.sender().send(carried, ask(carried))).toMatchObject({ status: 'sent' });
    expect(bench.peer.mails[0]?.to).toEqual(['survivor@example.com']);
  });
});

describe('caps', () => {
  test('hold under 30 sends at once; the last is kept for what is urgent', async () => {
    const personId = await bench.person();
    const senders = [bench.sender(), bench.sender()];
    const runs = await Promise.all(Array.from({ length: 30 }, () => bench.run(personId)));
    const answers = await Promise.all(runs.map((carried, i) => settled(senders[i % 2]!, carried, ask(carried))));
    expect(answers.filter(({ status }) => status === 'sent')).toHaveLength(3);
    expect(answers.filter((answer) => answer.status === 'skipped' && answer.reason === 'capped')).toHaveLength(27);
    const urgent = await Promise.all(
      runs.slice(0, 5).map((carried) => settled(senders[0]!, carried, ask(carried, 'urgent'))),
    );
    expect(urgent.filter(({ status }) => status === 'sent')).toHaveLength(1);
    const receipt = await bench.run(personId);
    expect(await settled(senders[0]!, receipt, ask(receipt, 'receipt'))).toMatchObject({ status: 'sent' });
    expect(bench.peer.mails).toHaveLength(5);
  });

  test('a cooldown holds under concurrency too', async () => {
    const personId = await bench.person();
    const runs = await Promise.all(Array.from({ length: 10 }, () => bench.run(personId)));
    const answers = await Promise.all(runs.map((carried) => settled(bench.sender(), carried, ask(carried, 'rare'))));
    expect(answers.filter(({ status }) => status === 'sent')).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 'skipped' && answer.reason === 'cooldown')).toHaveLength(9);
  });
});

async function end({ run }: Carried): Promise<void> {
  await withPeopleLocked(bench.db, [run.personId], async (tx) => {
    const [number = 0] = await nextNumbers(tx, 1);
    await endRuns(tx, [{ runId: run.id, ending: { outcome: 'converted', at: Date.now() }, number }]);
  });
}
