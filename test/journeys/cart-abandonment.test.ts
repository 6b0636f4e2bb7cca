import { describe, expect, test } from 'vitest';
import cartAbandonment from '../../workflows/cart-abandonment';
import { at, happens, simulate } from './prove';

const desk = { item_id: 'desk-1', item_name: 'Desk', price: 80, quantity: 1 };
const start = at('0m', 'add_to_cart', { value: 80, items: [desk] });
/** People by what the experiment on patience gives them. */
const after30m = { person: { id: '1' } };
const after15m = { person: { id: '2' } };

describe('a cart left alone', () => {
  test('brings a reminder, and a last call a day later to who did not look', async () => {
    const run = await simulate(cartAbandonment, [start], after30m);
    expect(run).toHaveSent([
      { message: 'cart-reminder', at: '30m', channel: 'email' },
      { message: 'cart-last-call', at: '1d 30m' },
    ]);
    expect(run).toHaveEnded('completed', { at: '1d 30m' });
    expect(run).toHaveGone(['idle 30m: reached', 'check cart-is-open: yes', 'send cart-reminder: sent']);
  });

  test('brings it sooner to the other half', async () => {
    const run = await simulate(cartAbandonment, [start], after15m);
    expect(run.sent[0]).toMatchObject({ message: 'cart-reminder', at: '15m' });
  });

  test('brings it half an hour after the last activity, not after the cart', async () => {
    const moments = [start, at('20m', 'page', { path: '/desks' }), at('45m', 'page', { path: '/lamps' })];
    const run = await simulate(cartAbandonment, moments, after30m);
    expect(run.sent[0]).toMatchObject({ message: 'cart-reminder', at: '1h 15m' });
  });

  test('brings no last call to who clicked', async () => {
    const run = await simulate(
      cartAbandonment,
      [start, at('2h', 'message_clicked', { message: 'cart-reminder' })],
      after30m,
    );
    expect(run).toHaveSent(['cart-reminder']);
    expect(run).toHaveEnded('completed', { at: '2h' });
  });

  test('offers the same in both messages', async () => {
    const run = await simulate(cartAbandonment, [start]);
    expect(run.sent[0]?.props).toEqual(run.sent[1]?.props);
    expect(['none', 'ten-percent']).toContain(run.sent[0]?.props['offer']);
  });
});

describe('no reminder', () => {
  test('after the purchase', async () => {
    const run = await simulate(cartAbandonment, [start, at('10m', 'purchase', { value: 80, transaction_id: 't1' })]);
    expect(run).toHaveSent([]);
    expect(run.outcome).toEqual({ outcome: 'converted', at: '10m' });
  });

  test('after logging out', async () => {
    const run = await simulate(cartAbandonment, [start, at('10m', 'logout', {})]);
    expect(run).toHaveSent([]);
    expect(run).toHaveEnded('exited', { reason: 'logout' });
  });

  test('for a cart that was emptied', async () => {
    const run = await simulate(cartAbandonment, [start, at('5m', 'remove_from_cart', { items: [desk] })]);
    expect(run).toHaveSent([]);
    expect(run).toHaveEnded('exited', { reason: 'cart was emptied' });
  });

  test('for a small cart, until it has grown', async () => {
    const small = [at('0m', 'add_to_cart', { value: 30 }), at('5m', 'add_to_cart', { value: 20 })];
    const run = await simulate(cartAbandonment, small);
    expect(run).not.toHaveEntered();
    expect(run.refused).toMatchObject([{ inputs: { 'cart value': 30 } }, { inputs: { 'cart value': 50 } }]);
    expect(await simulate(cartAbandonment, [...small, at('10m', 'add_to_cart', { value: 1 })])).toHaveEntered();
  });

  test('twice within 24 hours; a day later again', async () => {
    const bought = at('1h', 'purchase', { value: 80 });
    const again = at('20h', 'add_to_cart', { value: 90 });
    const nextDay = at('25h', 'add_to_cart', { value: 90 });
    const run = await simulate(cartAbandonment, [start, bought, again, nextDay], after30m);
    expect(run.refused).toMatchObject([{ at: '20h', reason: 'entry_limit' }]);
    expect(run.sent.slice(0, 2)).toMatchObject([
      { message: 'cart-reminder', at: '30m' },
      { message: 'cart-reminder', at: '1d 1h 30m' },
    ]);
  });

  test('to who unsubscribed meanwhile, or wants no reminders', async () => {
    const meanwhile = await simulate(cartAbandonment, [start, happens('5m', { kind: 'choose', state: 'out' })]);
    expect(meanwhile).toHaveSent([]);
    expect(meanwhile).toHaveEnded('exited', { reason: 'no reminder: unsubscribed' });
    expect(await simulate(cartAbandonment, [start], { consents: { reminders: 'out' } })).toHaveSent([]);
  });

  test('to who has no address', async () => {
    expect(await simulate(cartAbandonment, [start], { traits: { email: null } })).toHaveSent([]);
  });

  test('a last call for a cart that was emptied after the reminder', async () => {
    const run = await simulate(cartAbandonment, [start, at('5h', 'remove_from_cart', { items: [desk] })]);
    expect(run).toHaveSent(['cart-reminder']);
  });
});

describe('asked for by a service', () => {
  const ask = (facts: Record<string, unknown>) => [
    happens('0m', { kind: 'request', journey: 'cart-abandonment', facts }),
  ];

  test('the facts stand in for the events', async () => {
    const lastActivity = Date.parse('2026-01-05T08:40:00Z');
    const run = await simulate(cartAbandonment, ask({ cartValue: 80, lastActivity }), after30m);
    expect(run.sent[0]).toMatchObject({ message: 'cart-reminder', at: '10m' });
  });

  test('the rule holds for them too', async () => {
    const run = await simulate(cartAbandonment, ask({ cartValue: 20 }));
    expect(run).not.toHaveEntered();
    expect(run.refused).toMatchObject([{ reason: 'rule_not_met', inputs: { 'cart value': 20 } }]);
  });
});
