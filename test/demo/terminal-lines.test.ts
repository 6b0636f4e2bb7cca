/** What the terminal of `npm start` says of events that the plan lacks, and of runs that fail. */
import { describe, expect, test } from 'vitest';
import { definePlan, type Accept, type IncomingEvent } from '../../src/events';
import { tellingFailures, tellingUnplanned } from '../../src/terminal-lines';
import { z } from 'zod';

const plan = definePlan({ add_to_cart: z.object({}), add_to_wishlist: z.object({}), login: z.object({}) });

describe('an event that is not in the plan', () => {
  const taken: Accept = { accept: (events) => Promise.resolve(events.map(() => accepted)), close: async () => {} };
  const accepted = { eventId: '1', personId: '1', duplicate: false };
  const named = (name: string): IncomingEvent => ({
    ...{ type: 'track', name, messageId: name, properties: {}, occurredAt: 0, source: 'http', activity: true },
    planned: plan.has(name),
  });

  test('is said once, with the name that was meant', async () => {
    const lines: string[] = [];
    const { accept } = tellingUnplanned(taken, plan, (line) => lines.push(line));
    await accept([named('add_to_whishlist'), named('login'), named('Add To Cart')]);
    await accept([named('add_to_whishlist'), named('\u001b[31mlogout\nSojourn is ready')]);
    expect(lines).toEqual([
      'event add_to_whishlist is not in events.ts (did you mean add_to_wishlist?)',
      'event Add To Cart is not in events.ts (did you mean add_to_cart?)',
      'event  [31mlogout Sojourn is ready is not in events.ts',
    ]);
  });

  test('is not said of more names than a screen holds', async () => {
    const lines: string[] = [];
    const { accept } = tellingUnplanned(taken, plan, (line) => lines.push(line));
    for (let i = 0; i < 100; i++) await accept([named(`unknown event ${i} of many`)]);
    expect(lines).toHaveLength(21);
  });

  test('is not said when the store did not take it', async () => {
    const lines: string[] = [];
    const away: Accept = { ...taken, accept: () => Promise.reject(new Error('away')) };
    const { accept } = tellingUnplanned(away, plan, (line) => lines.push(line));
    await expect(accept([named('add_to_crat')])).rejects.toThrow('away');
    expect(lines).toEqual([]);
  });
});

describe('a run that fails', () => {
  test('is said with its reason, on one line and without an address', () => {
    const lines: string[] = [];
    const tell = tellingFailures((line) => lines.push(line));
    tell({ id: '11', journey: 'oops', outcome: 'exited', reason: 'logout' });
    tell({ id: '12', journey: 'oops', outcome: 'failed', reason: 'nobody at ada@example.com\n\u001b[2Jgone' });
    expect(lines).toEqual(['run 12 of oops failed: nobody at …@… [2Jgone']);
  });

  test('is not said more than ten times a minute', () => {
    const lines: string[] = [];
    let now = 0;
    const tell = tellingFailures(
      (line) => lines.push(line),
      () => now,
    );
    for (let id = 1; id <= 50; id++) tell({ id: String(id), journey: 'oops', outcome: 'failed', reason: 'x' });
    expect(lines).toHaveLength(11);
    now = 60_000;
    tell({ id: '51', journey: 'oops', outcome: 'failed', reason: 'x' });
    expect(lines.at(-1)).toBe('run 51 of oops failed: x');
  });
});
