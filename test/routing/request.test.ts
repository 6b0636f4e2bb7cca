import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestTrigger } from '../../src/routing';
import { routingBench, type RoutingBench } from './support';

let bench: RoutingBench;

beforeAll(async () => {
  bench = await routingBench({
    digest: { on: 'view_item' },
    fresh: { on: 'search', onRepeat: 'restart' },
  });
});
afterAll(() => bench.close());

describe('asking for a journey', () => {
  const ask = (
    journey: string,
    messageId: string,
    who: { userId?: string; anonymousId?: string } = { userId: 'asker' },
  ) => requestTrigger({ ...bench, db: bench.store.db }, { journey, ...who, messageId, facts: {}, source: 'test' });

  it('twice under one message id gives the same run, and another journey under it nothing', async () => {
    const parts = await ask('fresh', 'ask-1');
    expect(parts).toMatchObject({ status: 'triggered' });
    expect(await ask('fresh', 'ask-1')).toEqual(parts);
    expect(await ask('digest', 'ask-1')).toEqual({ status: 'no_action', reason: 'duplicate' });
  });

  it('under a message id that was somebody else’s does not answer with their run', async () => {
    expect(await ask('fresh', 'ask-2', { userId: 'first' })).toMatchObject({ status: 'triggered' });
    const duplicate = { status: 'no_action', reason: 'duplicate' };
    expect(await ask('fresh', 'ask-2', { userId: 'second' })).toEqual(duplicate);
    expect(await ask('fresh', 'ask-2', { anonymousId: 'first' })).toEqual(duplicate);
  });

  it('again gives the same run to who has become somebody else meanwhile', async () => {
    const visitor = { anonymousId: 'ask-visitor' };
    const run = await ask('fresh', 'ask-3', visitor);
    expect(run).toMatchObject({ status: 'triggered' });
    const person = await bench.track('ask-user', 'identify', {}, { type: 'identify', ...visitor });
    await bench.decider.decide([person]);
    expect(await ask('fresh', 'ask-3', visitor)).toEqual(run);
    expect(await ask('fresh', 'ask-3', { userId: 'ask-user' })).toEqual(run);
  });
});
