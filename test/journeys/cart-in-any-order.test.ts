import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Moment } from '../../src/testing';
import cartAbandonment from '../../workflows/cart-abandonment';
import { simulate } from './prove';

test('whatever happens in whichever order: never after a purchase or a choice against it, never twice', async () => {
  const happening = fc.oneof(
    fc.constant({ kind: 'event', event: 'add_to_cart', properties: { value: 60 } } as const),
    fc.constantFrom('page', 'login', 'view_item').map((event) => ({ kind: 'event', event, properties: {} }) as const),
    fc.constantFrom('purchase', 'logout').map((event) => ({ kind: 'event', event, properties: {} }) as const),
    fc.constant({ kind: 'choose', state: 'out' } as const),
  );
  const moment: fc.Arbitrary<Moment & { minute: number }> = fc
    .record({ minute: fc.integer({ min: 0, max: 2_880 }), happening })
    .map(({ minute, happening }) => ({ minute, at: `${minute}m`, happening }));
  await fc.assert(
    fc.asyncProperty(fc.array(moment, { maxLength: 25 }), fc.constantFrom('1', '2', '3'), async (moments, id) => {
      const run = await simulate(cartAbandonment, moments, { person: { id } });
      const minuteOf = (text: string) =>
        (/(?:(\d+)d)? ?(?:(\d+)h)? ?(?:(\d+)m)?/.exec(text) ?? []).slice(1).map((n) => Number(n ?? 0));
      for (const { at: when } of run.sent) {
        const [days = 0, hours = 0, minutes = 0] = minuteOf(when);
        const sentAt = (days * 24 + hours) * 60 + minutes;
        const before = moments.filter(({ minute }) => minute <= sentAt);
        expect(before.some((one) => one.happening.kind === 'choose')).toBe(false);
        // Something was put in after the last purchase: else there is no cart to write about.
        const last = (name: string) =>
          Math.max(
            -1,
            ...before.filter(({ happening: h }) => h.kind === 'event' && h.event === name).map(({ minute }) => minute),
          );
        expect(last('add_to_cart')).toBeGreaterThanOrEqual(last('purchase'));
      }
      for (const one of run.runs) {
        const steps = one.trace.map(({ step, result }) => `${step}: ${result}`);
        expect(steps.filter((step) => step === 'send cart-reminder: sent').length).toBeLessThanOrEqual(1);
        expect(one.outcome).toBeDefined();
      }
    }),
    { numRuns: 60 },
  );
});
