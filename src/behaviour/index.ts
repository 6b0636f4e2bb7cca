export {
  absent,
  all,
  any,
  cart,
  createBehaviour,
  not,
  property,
  times,
  trait,
  type Behaviour,
  type Comparable,
  type TimesCondition,
} from './builders';
export { cartEvents, cartOf, type Cart, type CartItem } from './cart';
export { answerOf, check, type Check, type CheckContext, type ChecksOf } from './check-context';
export { holds, needs, type Decided, type Facts } from './conditions';
export { describe } from './rule-words';
