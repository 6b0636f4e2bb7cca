/**
 * What a simulated shopper does on one visit, as a list of acts and pauses. Pure: the same seed gives the same shoppers
 * and the same visits.
 */
import { products, type Line, type Product } from './shop/products';

/** Numbers from 0 to below 1. */
export type Random = () => number;

/** Mulberry32: small, and good enough to choose chairs with. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Shopper {
  userId: string;
  name: string;
  email: string;
}

const firstNames =
  'Amara Björn Chloé Dario Elif Finn Greta Hana Ivo Jun Kavya Lars Maya Noor Otto Pia Quinn Rosa Sami Tess'.split(' ');
const lastNames = 'Berg Costa Dahl Eriksen Fontaine Garcia Holm Ito Jansen Kaya'.split(' ');

/** Everybody there is: few enough to be met again, at addresses where nobody reads mail. */
export const shopperCount = firstNames.length * lastNames.length;

export function shopperNumber(index: number): Shopper {
  const first = firstNames[index % firstNames.length]!;
  const last = lastNames[Math.floor(index / firstNames.length) % lastNames.length]!;
  const plain = `${first}.${last}`
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .toLowerCase();
  return { userId: plain.replace('.', '-'), name: `${first} ${last}`, email: `${plain}@example.com` };
}

export type Act =
  | { do: 'sign_up' | 'login' | 'logout' }
  | { do: 'page'; name: string; path: string }
  | { do: 'view_item'; product: Product }
  | { do: 'add_to_cart' | 'remove_from_cart'; line: Line }
  | { do: 'view_cart' | 'begin_checkout' | 'purchase'; lines: Line[] }
  | { do: 'onboarding_step_completed'; step: number; of: number }
  /** In the newest mail: follows its first link, or unsubscribes. Nothing where there is no mail. */
  | { do: 'click_mail' | 'unsubscribe' };

export interface Step {
  /** Of the wall's clock, before the act. */
  afterMs: number;
  act: Act;
}

/** How visits end, and how many of a hundred end so. */
const endings = { browses: 20, leaves: 30, clicks: 12, returns: 10, unsubscribes: 4, empties: 6, buys: 18 } as const;
export type Ending = keyof typeof endings;

/** Longer than the shop's reminder takes: half an hour of the stack's time, and some. */
export const untilMailMs = 40_000;
export const onboardingSteps = 3;

export function planVisit(random: Random, { isNew }: { isNew: boolean }): Step[] {
  const steps: Step[] = [];
  const then = (act: Act, afterMs = 1_500 + random() * 4_000) => steps.push({ afterMs: Math.round(afterMs), act });
  const ending = pickEnding(random);

  then({ do: 'page', name: 'Shop', path: '/shop' }, 0);
  then({ do: isNew ? 'sign_up' : 'login' });
  if (isNew) {
    const done = Math.floor(random() * (onboardingSteps + 1));
    for (let step = 1; step <= done; step++) then({ do: 'onboarding_step_completed', step, of: onboardingSteps });
  }
  const looked = pickSome(random, products, 1 + Math.floor(random() * 4));
  for (const product of looked) then({ do: 'view_item', product });
  if (ending === 'browses') return steps;

  const lines = pickSome(random, looked, 1 + Math.floor(random() * 2)).map((product) => ({
    product,
    quantity: product.category === 'Chairs' && random() < 0.4 ? 4 : 1,
  }));
  for (const line of lines) then({ do: 'add_to_cart', line });
  then({ do: 'view_cart', lines });
  switch (ending) {
    case 'leaves':
      break;
    case 'empties':
      for (const line of lines) then({ do: 'remove_from_cart', line });
      break;
    case 'buys':
      then({ do: 'begin_checkout', lines });
      then({ do: 'purchase', lines });
      if (random() < 0.3) then({ do: 'logout' });
      break;
    case 'clicks':
      then({ do: 'click_mail' }, untilMailMs);
      break;
    case 'returns':
      then({ do: 'click_mail' }, untilMailMs);
      then({ do: 'view_cart', lines });
      then({ do: 'begin_checkout', lines });
      then({ do: 'purchase', lines });
      break;
    case 'unsubscribes':
      then({ do: 'unsubscribe' }, untilMailMs);
      break;
  }
  return steps;
}

function pickEnding(random: Random): Ending {
  const all = Object.entries(endings) as [Ending, number][];
  let left = random() * all.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [ending, weight] of all) if ((left -= weight) < 0) return ending;
  return 'browses';
}

/** So many different ones, in any order. */
function pickSome<T>(random: Random, from: readonly T[], count: number): T[] {
  const rest = [...from];
  return Array.from(
    { length: Math.min(count, rest.length) },
    () => rest.splice(Math.floor(random() * rest.length), 1)[0]!,
  );
}
