/**
 * What a start on one's own machine says in the terminal while it runs: what a developer has got wrong, and would look
 * for in vain elsewhere. Few lines, however much goes wrong.
 */
import type { EndedRun } from './core';
import { unplannedWords, type Accept, type Plan } from './events';
import { masked } from './observe';

const mostNames = 20;
const failuresAMinute = 10;
const longestReason = 300;

/** The same way in, which says once of each event's name that the plan lacks it. */
export function tellingUnplanned(accept: Accept, plan: Plan, say: (line: string) => void): Accept {
  const told = new Set<string>();
  return {
    ...accept,
    async accept(events) {
      const accepted = await accept.accept(events);
      for (const { planned, name } of events) {
        if (planned || told.has(name) || told.size >= mostNames) continue;
        told.add(name);
        say(unplannedWords(plan, name));
        if (told.size === mostNames) say('Further names that are not in events.ts are not said here.');
      }
      return accepted;
    },
  };
}

/** Says of runs that they failed, and why. */
export function tellingFailures(say: (line: string) => void, now: () => number = Date.now): (run: EndedRun) => void {
  let minute = 0;
  let count = 0;
  return ({ id, journey, outcome, reason = 'without a reason' }) => {
    if (outcome !== 'failed') return;
    const current = Math.floor(now() / 60_000);
    if (current !== minute) [minute, count] = [current, 0];
    count += 1;
    const cleaned = masked(reason)
      .replace(/[\p{C}\p{Z}]+/gu, ' ')
      .slice(0, longestReason);
    if (count <= failuresAMinute) say(`run ${id} of ${journey} failed: ${cleaned}`);
    if (count === failuresAMinute) say('Further failures of this minute are not said here; the pages list them all.');
  };
}
