/** What tells runs of one journey and person apart, where something does. */
import type { Keyed } from '../api/answers';

/** Of a name or a value; both may be any sender's. A UUID is shown whole. */
const shownCharacters = 40;

/** In its middle: what comes one after the other is often told apart by its end. */
function cut(text: string): string {
  const characters = [...text];
  if (characters.length <= shownCharacters) return text;
  const half = shownCharacters / 2;
  return `${characters.slice(0, half).join('')}…${characters.slice(1 - half).join('')}`;
}

/** `cart_id c-17` */
export const keyInWords = ({ by, value }: Keyed): string => `${cut(by)} ${cut(value)}`;

/** `cart-abandonment (cart_id c-17)` */
export const runInWords = (journey: string, keyed: Keyed | null | undefined): string =>
  keyed ? `${journey} (${keyInWords(keyed)})` : journey;
