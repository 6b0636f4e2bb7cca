/** What somebody chose to get, and where they did. */
import type { TimelineItem } from '../api/answers';
import type { Tone } from './reasons';

type Consent = Extract<TimelineItem, { kind: 'consent' }>;

const sources: Record<string, string> = {
  'one-click': "by the mail program's own unsubscribe button",
  page: 'by the link in a mail',
  preferences: 'on the page to choose what one gets',
};

export function sourceInWords(source: string): string {
  return sources[source] ?? `by ${source}`;
}

export function consentInWords({ state, label, source }: Consent): { title: string; says: string; tone: Tone } {
  const title = state === 'out' ? `Unsubscribed from ${label}` : `Subscribed to ${label}`;
  const so = state === 'out' ? 'No message of it is sent after this.' : 'Messages of it may be sent.';
  return { title, says: `Done ${sourceInWords(source)}. ${so}`, tone: state === 'out' ? 'bad' : 'good' };
}
