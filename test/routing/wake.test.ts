/** Runs that wait since their message or journey is paused go on as soon as it is resumed. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stepKey } from '../../src/journey';
import type { EmailProvider } from '../../src/messaging';
import { RetryLater } from '../../src/errors';
import { createCatalog, createOperator } from '../../src/routing';
import { makeSender, plainMessages } from '../messaging/setup';
import { scratchFolder } from '../support';
import { catalogOf, routingBench, type RoutingBench } from './support';

const journeys = { order: { on: 'purchase' } } as const;
const somebody = { id: 'key:test', name: 'Somebody' };
const folder = await scratchFolder();
let bench: RoutingBench;

beforeAll(async () => {
  bench = await routingBench(journeys);
});
afterAll(() => bench?.close());

async function orderOf(user: string) {
  const { db } = bench.store;
  const personId = await bench.track(user, 'identify', { email: `${user}@example.com` }, { type: 'identify' });
  await bench.track(user, 'purchase');
  await bench.decider.decide([personId]);
  const row = await db.selectFrom('runs').selectAll().where('person_id', '=', personId).executeTakeFirstOrThrow();
  await db.deleteFrom('deliveries').where('run_id', '=', row.id).execute();
  const run = { id: row.id, number: Number(row.number), journey: 'order', key: user, personId };
  const request = { stepKey: stepKey(run, 'send receipt'), step: 'send receipt', message: 'receipt', props: {} };
  return { carried: { run, position: 0, steps: [] }, request };
}

it.each(['not attempted yet', 'attempted without an answer'])('one whose send was %s', async (before) => {
  const { db } = bench.store;
  const noAnswer: EmailProvider = {
    name: 'silent',
    send: () => Promise.resolve({ kind: 'unknown', code: 'no answer', why: 'silence' }),
  };
  const sender = makeSender(
    { db, clock: bench.clock, messages: await plainMessages(folder), smtpUrl: 'smtp://127.0.0.1:1' },
    { email: noAnswer },
  );
  const operator = createOperator({
    db,
    clock: bench.clock,
    catalog: createCatalog(db, bench.clock, catalogOf(journeys)),
  });
  const { carried, request } = await orderOf(before.replaceAll(' ', '-'));
  if (before !== 'not attempted yet') await expect(sender.send(carried, request)).rejects.toThrow(RetryLater);
  await operator.pauseMessage('receipt', true, somebody);
  expect(await sender.send(carried, request)).toMatchObject({ status: 'held' });

  await operator.pauseMessage('receipt', false, somebody);
  const told = await db.selectFrom('deliveries').select('kind').where('run_id', '=', carried.run.id).execute();
  expect(told).toEqual([{ kind: 'wake' }]);
});
