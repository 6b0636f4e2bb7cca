/** Journeys: what they are in words and data, how many runs came to what, and their switch. */
import type { Request, Response } from 'express';
import { z } from 'zod';
import { readJourneyResults, type JourneyResults } from '../insight';
import type { CatalogJourney } from '../journey';
import { countRuns, type RunCount } from '../runs';
import type { JourneyAnswer, JourneysAnswer, JourneySummary, ModeAnswer, RunTally, Unsent } from './answers';
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

function view({ id, header }: CatalogJourney, counts: RunCount[]) {
  return {
    id,
    mode: header.mode,
    says: describeHeader(header),
    ...tally(counts.filter((row) => row.journey === id)),
    header,
  } satisfies JourneySummary;
}

export function journeyRoutes(routes: Routes, { catalog, clock, db, setMode }: AppDeps, auth: Authenticator): void {
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
    const counts = await keptCounts.get('all', () => countRuns(db));
    const journeys = catalog.journeys().map((journey) => view(journey, counts));
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
    const [counts, results] = await kept.get(JSON.stringify([id, days, goalWithinMs, hasHoldout]), () =>
      Promise.all([
        countRuns(db, id),
        readJourneyResults(db, { journey: id, days, now: clock.now(), goalWithinMs, hasHoldout }),
      ]),
    );
    sendJson(res, 200, {
      at: new Date(clock.now()),
      ...view(journey, counts),
      days,
      ...results,
    } satisfies Unsent<JourneyAnswer>);
  });

  const switchTo = (mode: (journey: CatalogJourney) => Promise<void>) => async (req: Request, res: Response) => {
    await auth.authenticate(req, 'secret');
    const journey = journeyOf(req);
    await mode(journey);
    const now = catalog.journeys().find(({ id }) => id === journey.id) ?? journey;
    sendJson(res, 200, { id: journey.id, mode: now.header.mode } satisfies ModeAnswer);
  };

  routes.post(
    '/v1/journeys/:id/start',
    switchTo(({ id }) => setMode(id, 'live')),
  );
  routes.post(
    '/v1/journeys/:id/pause',
    switchTo(({ id }) => setMode(id, 'paused')),
  );
  routes.post(
    '/v1/journeys/:id/resume',
    switchTo(async ({ id }) => {
      // Back to what the header says; one whose header says paused goes live.
      await setMode(id, null);
      if (catalog.journeys().find((journey) => journey.id === id)?.header.mode === 'paused') await setMode(id, 'live');
    }),
  );
}
