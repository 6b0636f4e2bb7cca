/**
 * What is said of an event that the tracking plan lacks. It is kept and starts nothing, so that a misspelt name would
 * otherwise go unnoticed.
 */
import { editDistance } from '../config';
import type { Plan } from './plan';

const longestShown = 60;

/** One line, whatever the sender put into the name. */
export function unplannedWords(plan: Pick<Plan, 'names'>, name: string): string {
  const shown = name.replace(/[\p{C}\p{Z}]+/gu, ' ').slice(0, longestShown);
  const meant = nearestName(plan.names, shown);
  return `event ${shown} is not in events.ts${meant === undefined ? '' : ` (did you mean ${meant}?)`}`;
}

/** The name that takes the fewest keystrokes to get to: at most a third of its letters. */
function nearestName(names: readonly string[], name: string): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s-]+/g, '_');
  const [nearest] = names
    .map((known) => ({ known, strokes: editDistance(plain(name), plain(known)) }))
    .filter(({ known, strokes }) => strokes <= known.length / 3)
    .sort((a, b) => a.strokes - b.strokes);
  return nearest?.known;
}
