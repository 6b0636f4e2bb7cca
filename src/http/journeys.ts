/** Journeys: what they are in words and data, how many runs came to what, and their switch. */
import type { Request, Response } from 'express';
import { z } from 'zod';
import { lastChange, lastChanges, type RecordedChange } from '../audit';
import { readJourneyResults, type JourneyResults } from '../insight';
import type { CatalogJourney } from '../journey';
import { countRuns, type RunCount } from '../runs';
import type { JourneyAnswer, JourneysAnswer, JourneySummary, ModeAnswer, RunTally, Unsent } from './answers';
import { markOf } from './audit';
import type { Authenticator } from './auth';
import type { AppDeps } from './deps';
import { describeHeader } from './describe-header';
import { findJourneyId } from './journey-names';
import { createKeptAnswers } from './kept-answers';
import { Problem } from './problem';
import { check, wholeNumber } from './query';
import { sendJson, type Routes } from './routes';

export const journeyQuery = z.strictObject({
  days: wholeNumber(1, 365, 30).describe('Of the stack’s time: what is told of runs is of those that entered in them'),
});

/** Runs by group: those who were messaged, and those held out to compare with. */
function tally(counts: RunCount[]) {
  const sum = (rows: RunCount[]) => rows.reduce((total, row) => total + row.count, 0);
  const outcomes = (rows: RunCount[]): RunTally['outcomes'] => {
    const ended = rows.filter((row) => row.state === 'ended');
    return Object.fromEntries(
      [...new Set(ended.map((row) => row.outcome ?? 'unknown'))]
        .sort()
        .map((outcome) => [outcome, sum(ended.filter((row) => (row.outcome ?? 'unknown') === outcome))]),
    );
  };
  const group = (rows: RunCount[]) => ({
    entered: sum(rows),
    live: sum(rows.filter((row) => row.state === 'live')),
    outcomes: outcomes(rows),
  });
  const live = counts.filter((row) => row.state === 'live');
  const versions = [...new Set(live.map((row) => row.version))].map((version) => ({
    version,
    live: sum(live.filter((row) => row.version === version)),
  }));
  return {
    counts: group(counts),
    results: { messaged: group(counts.filter((r) => !r.holdout)), holdout: group(counts.filter((r) => r.holdout)) },
    versions,
  };
}

function view({ id, header }: CatalogJourney, counts: RunCount[], change: RecordedChange | undefined) {
  return {
    id,
    mode: header.mode,
    modeChange: markOf(change),
    says: describeHeader(header),
    ...tally(counts.filter((row) => row.journey === id)),
    header,
  } satisfies Unsent<JourneySummary>;
}

export function journeyRoutes(
  routes: Routes,
  { catalog, clock, db, log, setMode }: AppDeps,
  auth: Authenticator,
): void {
  const kept = createKeptAnswers<[RunCount[], JourneyResults]>();
  const keptCounts = createKeptAnswers<RunCount[]>();

  function journeyOf(req: Request): CatalogJourney {
    const all = catalog.journeys();
    const ids = all.map(({ id }) => id);
    const name = String(req.params['id']);
    const journey = all.find(({ id }) => id === findJourneyId(name, ids));
    if (journey) return journey;
    throw new Problem('not-found', `There is no journey '${name.slice(0, 100)}'. There are: ${ids.join(', ')}.`, {
      path: 'id',
    });
  }

  routes.get('/v1/journeys', async (req, res) => {
    await auth.authenticate(req, 'secret');
    // As of one journey, only what is counted is kept: modes are as they are now.
    const ids = catalog.journeys().map(({ id }) => id);
    const [counts, changes] = await Promise.all([
      keptCounts.get('all', () => countRuns(db)),
      lastChanges(db, 'journey', ids),
    ]);
    const journeys = catalog.journeys().map((journey) => view(journey, counts, changes.get(journey.id)));
    sendJson(res, 200, { at: new Date(clock.now()), journeys } satisfies Unsent<JourneysAnswer>);
  });

  routes.get('/v1/journeys/:id', async (req, res) => {
    await auth.authenticate(req, 'secret');
    const { days } = check(journeyQuery, req.query);
    const journey = journeyOf(req);
    const { id, header } = journey;
    // What the header says goes in as it is now: only what is counted is kept.
    const goalWithinMs = header.goal?.withinMs;
    const hasHoldout = header.holdout > 0;
    const key = JSON.stringify([id, days, goalWithinMs, hasHoldout]);
    const [[counts, results], change] = await Promise.all([
      kept.get(key, () =>
        Promise.all([
          countRuns(db, id),
          readJourneyResults(db, { journey: id, days, now: clock.now(), goalWithinMs, hasHoldout }),
        ]),
      ),
      lastChange(db, 'journey', id),
    ]);
    sendJson(res, 200, {
      at: new Date(clock.now()),
      ...view(journey, counts, change),
      days,
      ...results,
    } satisfies Unsent<JourneyAnswer>);
  });

  /** Null resumes: back to what the header says. */
  const switchTo = (mode: 'live' | 'paused' | null) => async (req: Request, res: Response) => {
    const by = await auth.authenticate(req, 'secret');
    const { id, header } = journeyOf(req);
    const change = await setMode(id, mode, by);
    if (change) log?.info({ journey: id, from: change.from, mode: change.to, by: by.id }, 'Mode set');
    const now = catalog.journeys().find((journey) => journey.id === id)?.header ?? header;
    sendJson(res, 200, { id, mode: now.mode } satisfies ModeAnswer);
  };

  routes.post('/v1/journeys/:id/start', switchTo('live'));
  routes.post('/v1/journeys/:id/pause', switchTo('paused'));
  routes.post('/v1/journeys/:id/resume', switchTo(null));
}
