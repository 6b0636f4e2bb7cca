/** A provider's outage that is longer than a send may be retried: a week, here some seconds. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RetryLater } from '../../src/errors';
import type { HeaderInput, SendRequest } from '../../src/journey';
import { giveUpSend } from '../../src/messaging';
import { ask, openBench, signer, type Bench } from '../messaging/setup';
import { scratchFolder } from '../support';
import { type Rig, bundleOf, openRig, requestOf, sourceOf, startOf } from './rig';

const header: HeaderInput = { on: 'begun' };
const folder = await scratchFolder();
let rig: Rig;

beforeAll(async () => {
  rig = await openRig();
  const body = `const { status, id } = await j.send('first', {}); return j.exit(status + ' ' + id);`;
  const bundle = await bundleOf({ giving: sourceOf('giving', header, body) }, { limits: { longestSend: '3 seconds' } });
  await rig.serve(bundle, {
    send: async ({ workflowId }) => {
      if (workflowId.includes('slow')) await new Promise((resolve) => setTimeout(resolve, 5_000));
      throw new RetryLater('the provider is away');
    },
    giveUp: async (_, __, { stepKey }, reason) => ({ value: { status: 'failed', id: `snd of ${stepKey}`, reason } }),
  });
});
afterAll(() => rig?.close());

test.each([
  ['whose next attempt would come too late', 'quick'],
  ['whose last attempt takes too long', 'slow'],
])('a send %s has failed, and the run goes on with the id that the ledger knows', async (_, person) => {
  const start = startOf('giving', header, person);
  const { workflowId } = requestOf(start);
  await rig.starter.start(requestOf(start));
  expect(await rig.client.workflow.getHandle(workflowId).result()).toEqual({
    outcome: 'exited',
    reason: `failed snd of giving/${person}/1/send first`,
  });
  const [asked] = rig.askedFor('giveUp', workflowId);
  expect((asked?.args[1] as SendRequest).message).toBe('first');
  expect(asked?.args[2]).toBe('it could not be sent for 3 seconds');
});

describe('in the ledger', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(folder);
  });
  afterAll(() => bench?.close());

  const reason = 'it could not be sent for 7 days';
  const away = { kind: 'not_sent', code: 'away', why: 'the provider is away' } as const;
  const sendsOf = (runId: string) => bench.db.selectFrom('sends').selectAll().where('run_id', '=', runId).execute();

  async function begun() {
    const carried = await bench.run(await bench.person());
    const request = ask(carried, 'news');
    const sender = bench.sender({ email: { name: 'away', send: () => Promise.resolve(away) } });
    await expect(sender.send(carried, request)).rejects.toThrow(RetryLater);
    const giveUp = () => giveUpSend({ ...bench, signer }, carried.run, request, reason);
    return { carried, request, giveUp, id: signer.sendId(request.stepKey) };
  }

  test('a send that never went has failed, and nothing goes after it', async () => {
    const { carried, request, giveUp, id } = await begun();
    expect(await giveUp()).toEqual({ status: 'failed', id, reason });
    expect(await sendsOf(carried.run.id)).toMatchObject([{ id, state: 'failed', reason, attempts: 1 }]);
    expect(await bench.sender().send(carried, request)).toEqual({ status: 'failed', id, reason });
    expect(bench.peer.mails).toEqual([]);
    expect(await giveUp()).toEqual({ status: 'failed', id, reason });
  });

  test('one that nobody could even claim has failed under the id that it would have had', async () => {
    const carried = await bench.run(await bench.person());
    const request = ask(carried, 'news');
    const id = signer.sendId(request.stepKey);
    expect(await giveUpSend({ ...bench, signer }, carried.run, request, reason)).toEqual({
      status: 'failed',
      id,
      reason,
    });
  });

  test('an attempt under way is waited for; one that nobody heard of again leaves it uncertain', async () => {
    const { carried, giveUp, id } = await begun();
    const set = (lease: string) =>
      sql`update sojourn.sends set state = 'attempting', lease_until = clock_timestamp() + ${lease}::interval
        where run_id = ${carried.run.id}`.execute(bench.db);
    await set('20 seconds');
    await expect(giveUp()).rejects.toThrow(RetryLater);
    await set('-1 seconds');
    expect(await giveUp()).toEqual({ status: 'uncertain', id });
  });
});
