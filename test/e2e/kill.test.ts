/**
 * P1, P3 and P6: whatever is killed in the middle of 50 runs, afterwards each of the 50 people has exactly one of each
 * message due, or none and a listed `uncertain`; never two.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support';
import { production, type Production } from './processes';

const people = 50;
const messages = ['note', 'second-note'];
let stack: Production;

beforeAll(async () => {
  stack = await production();
});
afterAll(() => stack?.close());

/** Starts 50 runs, kills in the middle of their sends, starts again what was killed, and waits until all have ended. */
async function killInTheMiddle(victim: string, kill: () => Promise<void>, start: () => Promise<void>) {
  const users = Array.from({ length: people }, (_, n) => `${victim}-${n}`);
  // The peer takes its time, so that some attempts are under way at the kill.
  stack.mail.delay(400);
  const arriving = Promise.all(
    users.map(async (user, n) => {
      await sleep(n * 40);
      const identify = { userId: user, traits: { email: `${user}@example.com` }, messageId: `identify-${user}` };
      await until(async () => (await stack.post('/v1/identify', identify).catch(() => ({ status: 0 }))).status === 200);
      await stack.track(user, 'add_to_cart', { value: 80 });
    }),
  );
  await until(() => stack.mail.mails.filter((mail) => mail.to[0]?.startsWith(`${victim}-`)).length >= 5, {
    everyMs: 10,
    what: 'the first mails',
  });
  await kill();
  // What is `attempting` now was in flight at the kill; the store itself may be what was killed.
  const inFlight = await attempting(victim).catch(() => undefined);
  await sleep(2_000);
  await start();
  const inFlightLater = inFlight ?? (await attempting(victim));
  await arriving;
  stack.mail.delay(0);
  await until(async () => (await unfinished(victim)) === 0, {
    withinMs: 150_000,
    everyMs: 500,
    what: 'the end of every run',
  }).catch(async (error: unknown) => {
    const outputs = Object.entries(stack.roles).map(([name, one]) => `--- ${name}\n${one.output().slice(-1_500)}`);
    throw new Error(`${String(error)}\n${await stuck(victim)}\n${outputs.join('\n')}`);
  });
  return { users, inFlight: inFlightLater };
}

async function attempting(victim: string): Promise<number> {
  const rows = await stack.db
    .selectFrom('sends')
    .select('id')
    .where('state', '=', 'attempting')
    .where('address', 'like', `${victim}-%`)
    .execute();
  return rows.length;
}

/** People whose run has not ended yet, or who have none yet. */
async function unfinished(victim: string): Promise<number> {
  const ended = await stack.db
    .selectFrom('runs')
    .innerJoin('people', 'people.id', 'runs.person_id')
    .select('runs.id')
    .where('people.user_id', 'like', `${victim}-%`)
    .where('runs.state', '=', 'ended')
    .execute();
  return people - ended.length;
}

/** Where the runs that have not ended are. */
async function stuck(victim: string): Promise<string> {
  const rows = await stack.db
    .selectFrom('people')
    .leftJoin('runs', 'runs.person_id', 'people.id')
    .leftJoin('sends', 'sends.run_id', 'runs.id')
    .leftJoin('dispatch', 'dispatch.run_id', 'runs.id')
    .leftJoin('pending', 'pending.person_id', 'people.id')
    .select(['people.user_id', 'runs.id', 'runs.state', 'sends.message', 'sends.state as send', 'sends.reason'])
    .select(['dispatch.last_error', 'pending.event_id'])
    .where('people.user_id', 'like', `${victim}-%`)
    .where((eb) => eb.or([eb('runs.state', 'is', null), eb('runs.state', '=', 'live')]))
    .execute();
  return JSON.stringify(rows);
}

async function check(victim: string, users: string[], inFlight: number): Promise<{ uncertain: number }> {
  const ledger = await stack.db
    .selectFrom('sends')
    .innerJoin('people', 'people.id', 'sends.person_id')
    .select(['people.user_id', 'sends.message', 'sends.state'])
    .where('people.user_id', 'like', `${victim}-%`)
    .execute();
  let uncertain = 0;
  for (const user of users) {
    for (const message of messages) {
      const mails = stack.mail.mails.filter(
        (mail) => mail.to.includes(`${user}@example.com`) && mail.subject.startsWith(`${message} `),
      );
      const states = ledger.filter((row) => row.user_id === user && row.message === message).map((row) => row.state);
      expect(mails.length, `${user} ${message}: never two`).toBeLessThanOrEqual(1);
      expect(states, `${user} ${message}: one row`).toHaveLength(1);
      if (states[0] === 'uncertain') uncertain++;
      else expect([states[0], mails.length], `${user} ${message}`).toEqual(['sent', 1]);
    }
  }
  expect(uncertain).toBeLessThanOrEqual(inFlight);
  return { uncertain };
}

describe('SIGKILL in the middle of 50 runs', () => {
  it.each(['worker', 'api', 'router'])('of the %s', { timeout: 300_000 }, async (role) => {
    const process = stack.roles[role]!;
    const { users, inFlight } = await killInTheMiddle(role, process.kill, process.start);
    const { uncertain } = await check(role, users, inFlight);
    // The worker's death must have hit attempts, or this test shows nothing.
    if (role === 'worker') expect(inFlight).toBeGreaterThan(0);
    else expect(uncertain).toBe(0);
  });

  it('of Temporal', { timeout: 300_000 }, async () => {
    const { users } = await killInTheMiddle('temporal', stack.temporal.kill, stack.temporal.start);
    await check('temporal', users, 0);
  });

  it('of PostgreSQL', { timeout: 300_000 }, async () => {
    const { users, inFlight } = await killInTheMiddle('postgres', stack.postgres.kill, stack.postgres.start);
    await check('postgres', users, inFlight);
  });
});
