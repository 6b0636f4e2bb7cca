/** How many people a second may come for all that is due to be done in time. */
import type { Measured } from './measure';

export interface InTime {
  /** People, and so runs, a second. */
  perSecond: number;
  at: Measured;
}

/** Nine of ten reminders within a second of when they are due, and nothing wrong. */
const isInTime = ({ lateP90, wrong }: Measured) => lateP90 <= 1 && wrong.length === 0;

/** Rates are told apart by an eighth; a trial's own noise is not much smaller. */
const closeEnough = 1.125;
const leap = 1.25;

/** One work at a time, in the order in which they are asked for: so that those who ask again when one is done alternate. */
export function inTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const own = last.then(work, work);
    last = own;
    return own;
  };
}

/** Leaps up while all is in time, or down until it is, and then looks in between. `from` is in people a second. */
export async function findInTime(trial: (perSecond: number) => Promise<Measured>, from: number): Promise<InTime> {
  let best: InTime | undefined;
  let tooMany = Infinity;
  for (let rate = from; rate > 0.1;) {
    const perSecond = Number(rate.toFixed(1));
    const at = await trial(perSecond);
    if (isInTime(at)) best = { perSecond, at };
    else tooMany = perSecond;
    if (best && tooMany / best.perSecond <= closeEnough) break;
    if (!best) rate = tooMany / leap;
    else rate = tooMany === Infinity ? best.perSecond * leap : Math.sqrt(best.perSecond * tooMany);
  }
  if (!best) throw new Error('Nothing was in time, however few people came: is the machine busy with something else?');
  return best;
}
