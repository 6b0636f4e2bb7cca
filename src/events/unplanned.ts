/**
 * What is said of an event that the tracking plan lacks. It is kept and starts nothing, so that a misspelt name would
 * otherwise go unnoticed.
 */
import { nearestName } from '../config';
import type { Plan } from './plan';

const longestShown = 60;

/** One line, whatever the sender put into the name. */
export function unplannedWords(plan: Pick<Plan, 'names'>, name: string): string {
  const shown = name.replace(/[\p{C}\p{Z}]+/gu, ' ').slice(0, longestShown);
  const meant = nearestName(plan.names, shown);
  return `event ${shown} is not in events.ts${meant === undefined ? '' : ` (did you mean ${meant}?)`}`;
}
