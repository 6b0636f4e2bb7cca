/** Simulated shoppers: who they are, and what one does on a visit. */
import { describe, expect, test } from 'vitest';
import { plan as trackingPlan } from '../../events';
import { commerce } from '../../src/demo/shop/products';
import {
  onboardingSteps,
  planVisit,
  seeded,
  shopperCount,
  shopperNumber,
  untilMailMs,
  type Step,
} from '../../src/demo/shopper-plan';
import { clickLink, unsubscribeLink } from '../../src/demo/shoppers';

const visits = (isNew = true) => Array.from({ length: 400 }, (_, seed) => planVisit(seeded(seed), { isNew }));
const acts = (steps: Step[]) => steps.map(({ act }) => act.do);

describe('shoppers', () => {
  test('are at most 200, with ids and addresses of their own at example.com', () => {
    const all = Array.from({ length: shopperCount }, (_, index) => shopperNumber(index));
    expect(shopperCount).toBeLessThanOrEqual(200);
    expect(new Set(all.map(({ userId }) => userId)).size).toBe(shopperCount);
    expect(new Set(all.map(({ email }) => email)).size).toBe(shopperCount);
    expect(all.filter(({ email }) => !/^[a-z]+\.[a-z]+@example\.com$/.test(email))).toEqual([]);
    expect(all.filter(({ userId }) => !/^[a-z]+-[a-z]+$/.test(userId))).toEqual([]);
  });
});

describe('a visit', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(planVisit(seeded(7), { isNew: true })).toEqual(planVisit(seeded(7), { isNew: true }));
    expect(new Set(visits().map((steps) => JSON.stringify(steps))).size).toBeGreaterThan(390);
  });

  test('begins with a page, and with signing up or logging in', () => {
    expect(visits(true).filter((steps) => acts(steps)[1] !== 'sign_up')).toEqual([]);
    expect(visits(false).filter((steps) => acts(steps)[1] !== 'login')).toEqual([]);
  });

  test('ends in each of the ways there are: bought, left, emptied, clicked, unsubscribed', () => {
    const all = visits();
    const share = (is: (names: string[]) => boolean) => all.filter((steps) => is(acts(steps))).length / all.length;
    expect(share((names) => names.includes('purchase'))).toBeGreaterThan(0.15);
    expect(share((names) => names.includes('add_to_cart') && !names.includes('purchase'))).toBeGreaterThan(0.3);
    expect(share((names) => !names.includes('add_to_cart'))).toBeGreaterThan(0.1);
    for (const act of ['remove_from_cart', 'click_mail', 'unsubscribe', 'logout', 'onboarding_step_completed']) {
      expect([act, share((names) => names.includes(act)) > 0]).toEqual([act, true]);
    }
  });

  test('takes nothing out or buys that was not put in', () => {
    for (const steps of visits()) {
      const inside = new Map<string, number>();
      for (const { act } of steps) {
        if (act.do === 'add_to_cart') inside.set(act.line.product.id, act.line.quantity);
        if (act.do === 'remove_from_cart') expect(inside.get(act.line.product.id)).toBe(act.line.quantity);
        if (act.do === 'purchase') {
          expect(Object.fromEntries(act.lines.map(({ product, quantity }) => [product.id, quantity]))).toEqual(
            Object.fromEntries(inside),
          );
        }
      }
    }
  });

  test('does its steps in order, and waits for a mail for longer than the reminder takes', () => {
    for (const steps of visits()) {
      const done = steps.flatMap(({ act }) => (act.do === 'onboarding_step_completed' ? [act.step] : []));
      expect(done).toEqual(Array.from({ length: done.length }, (_, index) => index + 1));
      expect(done.length).toBeLessThanOrEqual(onboardingSteps);
      for (const { act, afterMs } of steps) {
        if (act.do === 'click_mail' || act.do === 'unsubscribe') expect(afterMs).toBeGreaterThanOrEqual(untilMailMs);
        else expect(afterMs).toBeLessThan(6_000);
      }
    }
  });

  test('reports properties that the tracking plan takes', () => {
    for (const steps of visits().slice(0, 100)) {
      for (const { act } of steps) {
        if (!('lines' in act) && !('line' in act)) continue;
        const lines = 'lines' in act ? act.lines : [act.line];
        expect(trackingPlan.check(act.do, commerce(lines, 'http://127.0.0.1:3000'))).toEqual([]);
      }
    }
  });
});

describe('a mail', () => {
  test('is clicked at its first tracked link, and unsubscribed from at its own address', () => {
    expect(clickLink({ html: '<a href="http://h/x">x</a> <a href="http://h/t/abc">y</a>' })).toBe('http://h/t/abc');
    expect(clickLink({ html: '<p>no link</p>' })).toBeUndefined();
    expect(unsubscribeLink({ headers: { 'list-unsubscribe': '<mailto:u@h>, <http://h/u/abc>' } })).toBe(
      'http://h/u/abc',
    );
    expect(unsubscribeLink(undefined)).toBeUndefined();
  });
});
