/** A message on the timeline: whether it went, and why or why not. */
import type { TimelineItem } from '../api/answers';
import { holdInWords, skipInWords, stateInWords, type Tone } from './reasons';
import type { Step } from './step-words';

export type MessageItem = Extract<TimelineItem, { kind: 'message' }>;

export interface MessageWords {
  title: string;
  says: string;
  tone: Tone;
  note?: string;
}

/** `a, b and c`. */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** So many reasons are told, the last ones: a long way before them is on the timeline. */
const reasonsTold = 3;

/** What led to a message, as the end of `because`. */
export function ledTo(reasons: readonly string[], journey: string): string {
  return reasons.length > 0 ? listed(reasons.slice(-reasonsTold)) : `its run of ${journey} came to this step`;
}

/** A mail server's code stands for words that only the attempts have, since they name people. */
export function failureInWords(reason: string | null): string {
  const code = /^refused (\d.*)$/.exec(reason ?? '')?.[1];
  if (code !== undefined) return `the mail server refused it for good, with ${code}`;
  return reason ?? 'the provider refused it';
}

export function messageInWords(item: MessageItem, step: Step | undefined, reasons: readonly string[]): MessageWords {
  const { state, message, reason } = item;
  const tone = stateInWords(state)[1];
  const note = item.subject ?? undefined;
  const led = ledTo(reasons, item.journey);
  switch (state) {
    case 'sent':
    case 'delivered': {
      const delivered = state === 'delivered' ? ' The receiving server has confirmed it.' : '';
      return {
        title: `Sent ${message}`,
        says: `Sent because ${led}; the guard found nothing against it.${delivered}`,
        tone,
        note,
      };
    }
    case 'skipped':
      return { title: `Not sent: ${message}`, says: `Not sent: ${skipInWords(reason, step?.why ?? {})}.`, tone, note };
    case 'held':
      return { title: `Held back: ${message}`, says: `Held: ${holdInWords(reason)}.`, tone, note };
    case 'failed':
      return { title: `Failed: ${message}`, says: `Not sent: ${failureInWords(reason)}.`, tone, note };
    case 'uncertain':
      return {
        title: `May have been sent: ${message}`,
        says: 'The provider was asked, and no answer came: it is not sent again by itself. Settle it on its page.',
        tone,
        note,
      };
    case 'claimed':
    case 'attempting':
      return { title: `Sending ${message}`, says: `It goes out now because ${led}.`, tone, note };
  }
}
