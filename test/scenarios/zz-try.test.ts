import { expect, test } from 'vitest';
import { checks } from '../../activities';
import { plan } from '../../events';
import { messages } from '../../messages';
import { topics } from '../../messages/topics';
import cart from '../../workflows/cart-abandonment';
import re from '../../workflows/re-engagement';
import { Simulation, type World, type Timed } from '../../src/runtime/simulated';
import { buildBundle } from '../../src/runtime/worker';
import { timeSkippingServer } from '../support';
import { openTimeSkipping } from './time-skipping';

const content = { messages, topics, checks };
const start = Date.parse('2026-01-05T09:00:00Z');
const m = 60_000;
const rel = (w: World) => w.runs.map((r) => ({ j: r.journey, o: r.ending && { ...r.ending, at: Math.round((r.ending.at - start)/1000) }, steps: r.steps.map((s) => ({ ...s, at: Math.round((s.at - start)/1000) })) })).concat(w.sends.map(s => ({ ...s, at: Math.round((s.at-start)/1000) })) as never);
test('try', async () => {
  const found = await timeSkippingServer();
  if ('reason' in found) throw new Error(found.reason);
  const bundle = await buildBundle({ contentDir: '.' });
  const t0 = Date.now();
  const env = await openTimeSkipping(found, bundle);
  console.log('open', Date.now() - t0);
  const items = [{ item_id: 'd', item_name: 'Desk', price: 80, quantity: 1 }];
  const cases: [string, (w: World) => Timed[]][] = [
    ['buys', (w) => { const p = w.person('a', { traits: { email: 'a@example.com' } }); return [
      { at: 0, person: p, happening: { kind: 'event', event: 'add_to_cart', properties: { value: 80, currency: 'EUR', items } } },
      { at: 20*m, person: p, happening: { kind: 'event', event: 'purchase', properties: { value: 80, currency: 'EUR', transaction_id: 't', items } } } ]; }],
    ['reminded', (w) => { const p = w.person('a', { traits: { email: 'a@example.com' } }); return [
      { at: 0, person: p, happening: { kind: 'event', event: 'add_to_cart', properties: { value: 80, currency: 'EUR', items } } },
      { at: 20*m, person: p, happening: { kind: 'event', event: 'view_item', properties: { value: 80, currency: 'EUR', items } } } ]; }],
    ['absent', (w) => { const p = w.person('a', { traits: { email: 'a@example.com' } }); return [
      { at: 0, person: p, happening: { kind: 'event', event: 'login', properties: {} } },
       ]; }],
  ];
  try {
    for (const [name, timed] of cases) {
      const sim = new Simulation({ journeys: [cart, re], content, start, known: { events: plan.names } });
      await sim.run(timed(sim.world), 730 * 86400_000);
      const t = Date.now();
      const world = await env.run({ journeys: [cart, re], content, start, known: { events: plan.names } }, timed, 730 * 86400_000);
      console.log(name, Date.now() - t, JSON.stringify(rel(world), null, 1));
      expect(rel(world)).toEqual(rel(sim.world));
    }
  } finally { await env.close(); }
}, 120_000);
