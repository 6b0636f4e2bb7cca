/** What needs somebody's attention, worst first, each with what to do. */
import type { OverviewAnswer } from '../api/answers';
import { span } from '../words/durations';
import { listed } from '../words/message-words';
import { plural } from '../words/numbers';
import type { Tone } from '../words/reasons';

export interface Matter {
  key: string;
  tone: Tone;
  title: string;
  says: string;
  link?: { to: string; text: string };
}

/** Waiting is normal; waiting for longer than that is not. The wall's seconds, as the answer tells them. */
const waitingTooLongSeconds = 30;

export function matters({ attention, parts }: OverviewAnswer): Matter[] {
  const { uncertain, failed, failedRuns, held, setAside, unplanned, waiting } = attention;
  const found: Matter[] = [];
  for (const [part, { ready, detail }] of Object.entries(parts)) {
    if (ready) continue;
    found.push({ key: `part ${part}`, tone: 'bad', title: `${part} is away`, says: detail ?? 'It does not answer.' });
  }
  if (waiting.oldestSeconds >= waitingTooLongSeconds) {
    found.push({
      key: 'waiting',
      tone: 'bad',
      title: `${plural(waiting.pending + waiting.deliveries, 'thing')} waiting for ${span(waiting.oldestSeconds * 1_000)}`,
      says: `${plural(waiting.pending, 'event')} to decide, ${count(waiting.deliveries)} to tell to Temporal. See whether a router runs, and whether Temporal answers.`,
    });
  }
  for (const { journey, runs, reason } of failedRuns) {
    found.push({
      key: `runs of ${journey}`,
      tone: 'bad',
      title: `${plural(runs, 'run')} of ${journey} failed`,
      says: `The last one with: ${reason ?? 'no reason given'}. A failed run does not go on.`,
      link: { to: `/journeys/${encodeURIComponent(journey)}`, text: 'See its runs' },
    });
  }
  if (uncertain > 0) {
    found.push({
      key: 'uncertain',
      tone: 'warn',
      title: `${plural(uncertain, 'message')} uncertain`,
      says: 'The provider was asked and gave no answer. They are not sent again by themselves.',
      link: { to: '/messages?state=uncertain', text: 'Settle them' },
    });
  }
  if (failed > 0) {
    found.push({
      key: 'failed',
      tone: 'bad',
      title: `${plural(failed, 'message')} failed`,
      says: 'The provider refused them, or they were given up.',
      link: { to: '/messages?state=failed', text: 'See why' },
    });
  }
  if (held > 0) {
    found.push({
      key: 'held',
      tone: 'warn',
      title: `${plural(held, 'message')} held`,
      says: 'Their journey or message is paused. They go once it is resumed.',
      link: { to: '/messages?state=held', text: 'See them' },
    });
  }
  if (setAside > 0) {
    found.push({
      key: 'set aside',
      tone: 'warn',
      title: `${plural(setAside, 'call')} set aside`,
      says: 'They did not fit and were kept with the reason. Whoever sent them got it in the answer.',
    });
  }
  if (unplanned.length > 0) {
    const names = unplanned.slice(0, 3).map(({ name }) => name);
    const more = unplanned.length > 3 ? [`${unplanned.length - 3} more`] : [];
    found.push({
      key: 'unplanned',
      tone: 'warn',
      title: `${plural(unplanned.length, 'event name')} not in the tracking plan`,
      says: `${listed([...names, ...more])}: no journey can be started by them. Add them to events.ts, or correct the sender.`,
    });
  }
  return found;
}

const count = (n: number): string => plural(n, 'delivery', 'deliveries');
