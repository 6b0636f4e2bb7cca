/**
 * The tracking plan: GA4's recommended events by their own names, and those of our journeys. An event that is not in it
 * is kept and marked as unplanned; one that is in it must fit its schema.
 */
import { z } from 'zod';
import { definePlan } from './src';

const text = z.string().max(2_000);
const id = z.string().min(1).max(256);
const money = z.number().min(-1e12).max(1e12);
const address = z.string().max(4_000);

const item = z.object({
  item_id: id.optional(),
  item_name: text.optional(),
  price: money.optional(),
  quantity: z.number().min(0).max(1e6).optional(),
  image_url: address.optional(),
  url: address.optional(),
  item_category: text.optional(),
  item_brand: text.optional(),
});

const commerce = {
  currency: z.string().length(3).optional(),
  value: money.optional(),
  items: z.array(item).max(200).optional(),
};

const count = z.number().int().min(0).max(1_000);
const seconds = z.number().min(0).max(1e9);

export const plan = definePlan({
  view_item: z.object(commerce),
  add_to_cart: z.object({ ...commerce, cart_id: id.optional() }),
  remove_from_cart: z.object({ ...commerce, cart_id: id.optional() }),
  view_cart: z.object({ ...commerce, cart_id: id.optional() }),
  begin_checkout: z.object({ ...commerce, coupon: text.optional() }),
  purchase: z.object({ ...commerce, transaction_id: id.optional(), tax: money.optional(), shipping: money.optional() }),
  sign_up: z.object({ method: text.optional() }),
  login: z.object({ method: text.optional() }),
  logout: z.object({}),
  search: z.object({ search_term: text.optional() }),
  page: z.object({
    name: text.optional(),
    url: address.optional(),
    path: address.optional(),
    title: text.optional(),
    referrer: address.optional(),
  }),
  onboarding_step_completed: z.object({ step: count, of: count.optional() }),
  onboarding_completed: z.object({}),
  section_skipped: z.object({ section: text.optional() }),
  modal_dismissed: z.object({ modal: text.optional() }),
  video_played: z.object({ video: text.optional(), position: seconds.optional() }),
  video_paused: z.object({ video: text.optional(), position: seconds.optional() }),
});
