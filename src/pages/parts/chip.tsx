/** A state in a word, with a colour that only repeats what the word says. */
import type { ReactNode } from 'react';
import type { Mode, SendState } from '../api/answers';
import { outcomeInWords, stateInWords, type Tone } from '../words/reasons';

export function Chip({ tone = 'quiet', title, children }: { tone?: Tone; title?: string; children: ReactNode }) {
  return (
    <span className={`chip chip-${tone}`} title={title}>
      {children}
    </span>
  );
}

export function SendChip({ state }: { state: SendState }) {
  const [words, tone] = stateInWords(state);
  return <Chip tone={tone}>{words}</Chip>;
}

export function RunChip({ state, outcome }: { state: 'live' | 'ended'; outcome: string | null }) {
  if (state === 'live') return <Chip tone="busy">live</Chip>;
  const [words, tone] = outcomeInWords(outcome);
  return <Chip tone={tone}>{words}</Chip>;
}

export function ModeChip({ mode }: { mode: Mode }) {
  if (mode === 'live') return <Chip tone="good">live</Chip>;
  return <Chip tone="warn">{mode}</Chip>;
}
