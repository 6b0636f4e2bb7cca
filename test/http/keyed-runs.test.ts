/** Runs of one journey and person are told apart, wherever the API names one: by the property that `key` names. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MessageAnswer, RunAnswer, RunsAnswer, TimelineAnswer } from '../../src/http/answers';
import { openFrontDoor, perCart, secretKey, type FrontDoor } from './front-door';

let door: FrontDoor;
/** By cart. */
const runs = new Map<string, string>();
const keyed = (value: string) => ({ by: 'cart_id', value });

beforeAll(async () => {
  door = await openFrontDoor({ more: [perCart] });
  await door.post('/v1/identify', { userId: 'ann' });
  const ann = String((await door.get('/v1/people/ann')).json['id']);
  // The second starts a run of another journey too, of which there is one a person.
  for (const [cart_id, value] of [
    ['c-17', 20],
    ['c-18', 80],
  ] as const) {
    await door.post('/v1/track', { userId: 'ann', event: 'add_to_cart', properties: { cart_id, value } });
    await door.decider.decide([ann]);
  }
  for (const { id, key } of await door.db.selectFrom('runs').select(['id', 'key']).execute()) runs.set(key, id);
  const of = { run_id: runs.get('c-17')!, position: 0, at: new Date(), step: 'idle 30m', result: 'reached', why: null };
  await door.db.insertInto('run_steps').values(of).execute();
  await door.db
    .insertInto('sends')
    .values({
      ...{ id: 'snd_a', step_key: 'per-cart/ann/c-17/1/send', run_id: of.run_id, person_id: ann, journey: 'per-cart' },
      ...{ step: 'send cart-reminder', message: 'cart-reminder', channel: 'email', kind: 'marketing' },
      ...{ topic: 'reminders', state: 'sent', props: '{}', created_at: of.at },
    })
    .execute();
  await door.post(`/v1/runs/${runs.get('c-18')}/exit`, {}, { key: secretKey });
});
afterAll(() => door?.close());

test('lists of runs, and a run itself, say by what they are told apart', async () => {
  const { runs: listed } = (await door.get('/v1/runs?person=ann')).json as unknown as RunsAnswer;
  expect(Object.fromEntries(listed.map(({ key, keyed }) => [key, keyed]))).toEqual({
    'c-17': keyed('c-17'),
    'c-18': keyed('c-18'),
    person: null,
  });
  const one = (await door.get(`/v1/runs/${runs.get('c-18')}`)).json as unknown as RunAnswer;
  expect(one).toMatchObject({ journey: 'per-cart', keyed: keyed('c-18') });
});

test('the timeline says it of everything that is of such a run, and of nothing else', async () => {
  const { items } = (await door.get('/v1/people/ann/timeline')).json as unknown as TimelineAnswer;
  const said = new Map<string, unknown[]>();
  for (const item of items) {
    const run = 'run' in item ? (item.run ?? 'none') : 'none';
    if ('keyed' in item && run === 'none') throw new Error(`A ${item.kind} of no run has a key`);
    const more = 'keyed' in item ? item.keyed : undefined;
    said.set(run, [...(said.get(run) ?? []), [item.kind, more]]);
  }
  const kinds = (run: string) => said.get(runs.get(run)!)!.map((one) => (one as [string, unknown])[0]);
  expect(kinds('c-17').sort()).toEqual(['decision', 'message', 'run_started', 'step']);
  expect(kinds('c-18').sort()).toEqual(['decision', 'run_ended', 'run_started']);
  for (const cart of ['c-17', 'c-18']) {
    for (const one of said.get(runs.get(cart)!)!) expect(one).toEqual([expect.any(String), keyed(cart)]);
  }
  for (const one of said.get(runs.get('person')!)!) expect(one).toEqual([expect.any(String), undefined]);
});

test('a message says of which run it is', async () => {
  expect((await door.get('/v1/messages/snd_a')).json as unknown as MessageAnswer).toMatchObject({
    keyed: keyed('c-17'),
  });
});
