/** Prices as they are written. */
import { currency } from './products';

const format = new Intl.NumberFormat('en-IE', {
  style: 'currency',
  currency,
  maximumFractionDigits: 2,
  minimumFractionDigits: 0,
});

export const money = (amount: number): string => format.format(amount);
