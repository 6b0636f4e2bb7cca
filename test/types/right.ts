/** What must compile, with the types that it must have. None of this is ever run. */
import { expectTypeOf } from 'vitest';
import { absent, cart, journey, property, times, trait } from '../../sojourn';
import type { ChecksOf } from '../../src';
import type { Check } from '../../src/behaviour';

journey('r', { on: 'add_to_cart', key: 'cart_id', onRepeat: 'hear', hears: ['page', 'login'] }, async (j) => {
  const patience = await j.experiment('patience', { '15 minutes': 1, '30 minutes': 1 });
  expectTypeOf(patience).toEqualTypeOf<'15 minutes' | '30 minutes'>();
  await j.idle(patience, { of: ['page'] });
  expectTypeOf(await j.experiment('rollout', { old: 0, new: 0.5 })).toEqualTypeOf<'old' | 'new'>();
  const weights: Record<string, number> = {};
  expectTypeOf(await j.experiment('reckoned', weights)).toEqualTypeOf<string>();
  const share: number = weights['new'] ?? 0;
  expectTypeOf(await j.experiment('share', { old: 1 - share, new: share })).toEqualTypeOf<'old' | 'new'>();
  await j.sleep('1 hour');
  await j.sleepUntil({ next: '09:00', on: ['monday', 'friday'] });
  await j.sleepUntil({ date: '2026-05-01', before: '3 days', at: '18:30' });

  expectTypeOf(await j.check('cart-is-open')).toEqualTypeOf<boolean>();
  expectTypeOf((await j.check('onboarding-progress')).step).toEqualTypeOf<number>();

  const again = await j.waitFor('add_to_cart', { within: '1 day', where: { cart_id: 'c1' } });
  expectTypeOf(again?.value).toEqualTypeOf<number | undefined>();

  const reminder = await j.send('cart-reminder', { offer: 'none' });
  const first = await j.waitFor([reminder.clicked, 'page', { event: 'login', where: { method: 'sso' } }], {
    within: '1 day',
  });
  expectTypeOf(first?.event).toEqualTypeOf<'message_clicked' | 'page' | 'login' | undefined>();
  if (first?.event === 'page') expectTypeOf(first.properties.path).toEqualTypeOf<string | undefined>();
  if (first?.event === 'message_clicked') expectTypeOf(first.properties.message_id).toEqualTypeOf<string>();
  if (reminder.status === 'failed') expectTypeOf(reminder.reason).toEqualTypeOf<string>();

  if (j.event.name === 'add_to_cart') expectTypeOf(j.event.properties.value).toEqualTypeOf<number | undefined>();
  await j.send('onboarding-tutorial');
  await j.send('come-back-offer');
  await j.emit('logout', {});
  await j.update({ plan: 'vip' });
  return j.exit('done');
});

journey(
  'r',
  { on: absent('login', '7 days'), exitOn: ['login', { event: 'purchase', where: { value: 3 } }] },
  async () => {},
);
journey(
  'r',
  { on: 'api' },
  async (j) => expectTypeOf(j.event.name).toEqualTypeOf<'trigger_requested'>() as unknown as void,
);
journey('r', { on: ['add_to_cart', 'remove_from_cart'], key: 'cart_id', when: cart.count.atLeast(2) }, async () => {});
journey(
  'r',
  {
    on: 'view_item',
    when: times('view_item', { same: 'item_id' }).moreThan(3).within('7 days').without('purchase'),
    entry: { once: 'per 1 week' },
  },
  async () => {},
);
void [property('method').equals('sso'), trait('plan').equals('vip')];

/** A run gets a check's answer as JSON has carried it. */
interface Order {
  placedAt: Date;
  lines: { sku: string; gift: boolean | undefined; price: 80 }[];
  note?: string;
  seen: Map<string, number>;
  total(): number;
  discount?(): number;
  greet: string | (() => string);
}
type Answers = ChecksOf<{
  order: Check<void, Order>;
  last: Check<void, Date | undefined>;
  nothing: Check<void, void>;
  pair: Check<void, [Date, number | undefined]>;
  anything: Check<void, unknown>;
  above: Check<{ above: number; of?: readonly string[] } | undefined, number>;
}>;
expectTypeOf<Answers['order']['result']>().toEqualTypeOf<{
  placedAt: string;
  lines: { sku: string; gift: boolean | undefined; price: 80 }[];
  note?: string;
  seen: Record<string, never>;
  greet: string | undefined;
}>();
expectTypeOf<Answers['last']['result']>().toEqualTypeOf<string | null>();
expectTypeOf<Answers['nothing']['result']>().toEqualTypeOf<null>();
expectTypeOf<Answers['pair']['result']>().toEqualTypeOf<[string, number | null]>();
expectTypeOf<Answers['anything']['result']>().toEqualTypeOf<unknown>();
expectTypeOf<Answers['anything']['args']>().toEqualTypeOf<void>();
expectTypeOf<Answers['above']['args']>().toEqualTypeOf<{ above: number; of?: readonly string[] } | undefined>();
