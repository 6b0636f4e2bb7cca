/** An entry rule in words, for people who do not read code. Pure. */
import { durationInWords, type Comparison, type Condition, type Quantity } from '../journey';

/** `the cart is worth more than 50`. */
export function describe(condition: Condition): string {
  switch (condition.kind) {
    case 'compare':
      return compared(condition.of, condition.is, condition.than);
    case 'not':
      return `not (${describe(condition.of)})`;
    default:
      return condition.of.map(within).join(condition.kind === 'all' ? ' and ' : ' or ');
  }
}

/** A rule within another: brackets tell which of `and` and `or` comes first. */
function within(condition: Condition): string {
  const words = describe(condition);
  return condition.kind === 'all' || condition.kind === 'any' ? `(${words})` : words;
}

const comparisons: Record<Comparison, string> = {
  moreThan: 'more than ',
  atLeast: 'at least ',
  lessThan: 'less than ',
  atMost: 'at most ',
  equals: '',
};

function compared(of: Quantity, is: Comparison, than: unknown): string {
  const amount = comparisons[is] + String(than);
  switch (of.kind) {
    case 'cart':
      return of.what === 'value'
        ? `the cart is worth ${amount}`
        : `the cart holds ${amount} ${than === 1 ? 'item' : 'items'}`;
    case 'property':
      return `its ${of.name} is ${amount}`;
    case 'trait':
      return `the person's ${of.name} is ${amount}`;
    case 'times':
      return [
        `${of.event} happened ${amount} ${than === 1 ? 'time' : 'times'}`,
        ...(of.same === undefined ? [] : [`with the same ${of.same}`]),
        ...(of.withinMs === undefined ? [] : [`within ${durationInWords(of.withinMs)}`]),
        ...(of.without === undefined ? [] : [`since the last ${of.without}`]),
      ].join(' ');
  }
}
