/** The last change of a thing, as the beginning of a line that goes on with who made it, and when. */
import type { ChangeMark } from '../api/answers';

type Values = Pick<ChangeMark, 'from' | 'to'>;

/** Of a journey's mode, or of a message's switch. */
export function switchedInWords({ from, to }: Values): string {
  if (to === 'paused') return 'Paused';
  if (from === 'paused') return to === 'live' ? 'Resumed' : `Resumed as ${to}`;
  return `Set from ${from} to ${to}`;
}

/** Of an uncertain send. */
export function settledInWords({ to }: Values): string {
  return to === 'resend' ? 'Settled to be sent again' : `Settled as ${to}`;
}
