import { z } from 'zod';
import { definePlan } from '../../../src/events';

const value = z.looseObject({ value: z.number().optional() });
const anything = z.looseObject({});

export const plan = definePlan({
  add_to_cart: value,
  purchase: z.object({ value: z.number().optional(), transaction_id: z.string() }),
  refund: z.looseObject({ transaction_id: z.string() }),
  sign_up: anything,
  login: anything,
  logout: anything,
  browse: anything,
  view_item: z.looseObject({ n: z.number() }),
  /** What a listener has heard, in its order. */
  listened: z.looseObject({ run: z.string(), heard: z.array(z.number()), generation: z.number() }),
  welcomed: z.looseObject({ generation: z.number() }),
});
