import { z } from 'zod';
import { definePlan } from '../../../src/events';

const value = z.looseObject({ value: z.number().optional() });

export const plan = definePlan({
  add_to_cart: value,
  purchase: value,
  logout: value,
  sign_up: value,
  view_item: z.looseObject({ n: z.number() }),
});
