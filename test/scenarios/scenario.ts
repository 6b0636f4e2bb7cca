/**
 * What a scenario is: every clock must pass each with the same trace (P9). A line of a trace is `<when>  <step>: <result>`,
 * times are counted from the scenario's beginning. Nothing happens within a minute of a deadline, since on a real
 * server calls take their time; but for what happens at the very deadline, which every clock has to count.
 */
import type { Journey } from '../../src/journey';
import { createMoments, type Moment } from '../../src/prove';
import type { ScenarioTypes } from './journeys';

export interface Scenario {
  name: string;
  journey: Journey;
  /** Journeys that what is emitted may start. */
  with?: Journey[];
  moments: Moment[];
  traits?: Record<string, unknown>;
  consents?: Record<string, 'in' | 'out'>;
  /** Sojourn's own id of the person, which draws variants. */
  personId?: string;
  /** When it begins; `defaultStart` unless given. */
  start?: string;
  expected: {
    /** `<outcome> <when>: <reason>`, of each run. */
    outcomes: string[];
    trace: string[];
    /** `<when>  <message>` */
    sent: string[];
    /** `<when>  <reason>` of triggers that started nothing. */
    refused?: string[];
  };
}

export const { at, happens } = createMoments<ScenarioTypes>();

/** What starts most of the scenarios' journeys. */
export const begin = at('0m', 'item_added', { value: 80 });

/** A Monday. */
export const defaultStart = '2026-01-05T09:00:00Z';
export const mondayAtSeven = '2026-01-12T07:00:00Z';
/** A Saturday; on the Sunday the clocks in Berlin go forward. */
export const saturdayBeforeSummer = '2026-03-28T07:00:00Z';
