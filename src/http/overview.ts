/** What goes on now, for whoever looks after the stack. */
import { z } from 'zod';
import { createOverview, type Overview } from '../insight';
import type { OverviewAnswer, Unsent } from './answers';
import type { Authenticator } from './auth';
import type { AppDeps } from './deps';
import { createKeptAnswers } from './kept-answers';
import type { Parts, PartStates } from './parts';
import { check, wholeNumber } from './query';
import { sendJson, type Routes } from './routes';

export const overviewQuery = z.strictObject({
  minutes: wholeNumber(1, 1_440, 60).describe('Of the stack’s time, up to now'),
});

/** The rate is over so many of the wall's seconds. */
const rateSeconds = 10;

/** What was read, and when by the wall's ms. */
type Read = Overview & { wall: number };

export function overviewRoutes(routes: Routes, deps: AppDeps, auth: Authenticator, parts: Parts): void {
  const { clock, catalog } = deps;
  const reader = createOverview(deps);
  const kept = createKeptAnswers<Read>();

  routes.get('/v1/overview', async (req, res) => {
    await auth.authenticate(req, 'secret');
    const { minutes } = check(overviewQuery, req.query);
    const lastMs = rateSeconds * 1_000 * clock.scale;
    const [overview, states] = await Promise.all([
      kept.get(String(minutes), async () => {
        const wall = Date.now();
        return { ...(await reader.read({ minutes, lastMs })), wall };
      }),
      parts.lately(),
    ]);
    sendJson(res, 200, view(minutes, overview, states));
  });

  function view(minutes: number, { window, events, runs, messages, attention, wall }: Read, states: PartStates) {
    const now = window.until;
    const { pendingSince, deliveriesSince, pending, deliveries } = attention.waiting;
    const pendingSeconds = pendingSince ? (now - pendingSince.getTime()) / clock.scale / 1_000 : 0;
    const deliverySeconds = deliveriesSince ? (wall - deliveriesSince.getTime()) / 1_000 : 0;
    return {
      at: new Date(clock.now()),
      minutes,
      bucketSeconds: window.bucketSeconds,
      events: { perSecond: events.last / rateSeconds, total: events.total, series: events.series },
      runs: { ...runs, byJourney: journeysOf(runs.byJourney) },
      messages,
      attention: {
        ...attention,
        waiting: {
          pending,
          deliveries,
          oldestSeconds: Math.max(0, Math.round(Math.max(pendingSeconds, deliverySeconds))),
        },
      },
      parts: states,
    } satisfies Unsent<OverviewAnswer>;
  }

  /** Those that are deployed, also when nobody is in them; and others that people are still in. */
  function journeysOf(counted: Overview['runs']['byJourney']) {
    const none = { live: 0, started: 0, ended: 0, converted: 0 };
    const deployed = catalog.journeys().map(({ id, header }) => ({
      journey: id,
      mode: header.mode,
      ...(counted.get(id) ?? none),
      ...(header.goal === undefined && { converted: null }),
    }));
    const known = new Set(deployed.map(({ journey }) => journey));
    const gone = [...counted].filter(([journey]) => !known.has(journey));
    return [...deployed, ...gone.map(([journey, counts]) => ({ journey, mode: 'paused' as const, ...counts }))];
  }
}
