/** Runs: lists, one with its steps, and how an operator ends one. */
import type { Request } from 'express';
import { z } from 'zod';
import { lastChange } from '../audit';
import { maxEventBytes } from '../events';
import { personName } from '../people';
import { stepInWords } from '../insight';
import { listRuns, readRun, type RunView } from '../runs';
import type { ExitAnswer, RunAnswer, RunsAnswer, RunSummary, Unsent } from './answers';
import { markOf } from './audit';
import type { Authenticator } from './auth';
import { readJson } from './body';
import type { AppDeps } from './deps';
import { describeHeader } from './describe-header';
import { journeyNamed } from './journey-names';
import { personNamed } from './people';
import { Problem } from './problem';
import { check, limit, rowId } from './query';
import { sendJson, type Routes } from './routes';

export const runsQuery = z.strictObject({
  journey: z.string().max(256).optional(),
  person: z.string().max(300).optional().describe('A userId, or `anonymous:` and an anonymousId'),
  state: z.enum(['live', 'ended'], { error: 'must be live or ended' }).optional(),
  limit: limit(200, 50),
  before: rowId.optional().describe('`next` of an earlier page'),
});

export const exitBody = z.strictObject({
  reason: z
    .string({ error: 'must be a text' })
    .min(1)
    .max(500)
    .refine((text) => !text.includes('\0'))
    .default('ended by an operator'),
});

type TemporalUi = AppDeps['temporalUi'];

/** Where the run's history is in Temporal's own UI. */
export function temporalLink(ui: TemporalUi, workflowId: string, temporalRunId: string | null): string | null {
  if (!ui) return null;
  const base = `${ui.url.replace(/\/$/, '')}/namespaces/${encodeURIComponent(ui.namespace)}/workflows/${encodeURIComponent(workflowId)}`;
  return temporalRunId ? `${base}/${encodeURIComponent(temporalRunId)}/history` : base;
}

function view<R extends RunView>(run: R, ui: TemporalUi) {
  const { personId, userId, waiting, ...rest } = run;
  return {
    ...rest,
    waiting: waiting && {
      step: waiting.step,
      label: stepInWords(waiting.step),
      until: waiting.until === undefined ? null : new Date(waiting.until),
    },
    number: Number(run.number),
    person: personName({ id: personId, userId }),
    temporal: temporalLink(ui, run.workflowId, run.temporalRunId),
  } satisfies Unsent<RunSummary>;
}

export function runRoutes(routes: Routes, deps: AppDeps, auth: Authenticator): void {
  const { db, clock, catalog, exitRun, temporalUi } = deps;

  async function runOf(req: Request) {
    const id = check(z.object({ id: rowId }), req.params).id;
    const run = await readRun(db, id);
    if (!run) throw new Problem('not-found', `There is no run ${id}.`, { path: 'id' });
    return run;
  }

  routes.get('/v1/runs', async (req, res) => {
    await auth.authenticate(req, 'secret');
    const { person, journey, state, limit, before } = check(runsQuery, req.query);
    const personIds = person === undefined ? undefined : (await personNamed(db, person, 'person')).ids;
    const ids = catalog.journeys().map(({ id }) => id);
    const runs = await listRuns(db, {
      personIds,
      journey: journey === undefined ? undefined : journeyNamed(journey, ids),
      state,
      before,
      limit: limit + 1,
    });
    const page = runs.slice(0, limit);
    sendJson(res, 200, {
      at: new Date(clock.now()),
      runs: page.map((run) => view(run, temporalUi)),
      next: runs.length > limit ? (page.at(-1)?.id ?? null) : null,
    } satisfies Unsent<RunsAnswer>);
  });

  routes.get('/v1/runs/:id', async (req, res) => {
    await auth.authenticate(req, 'secret');
    const run = await runOf(req);
    const stopped = run.outcome === 'stopped' ? await lastChange(db, 'run', run.id) : undefined;
    sendJson(res, 200, {
      at: new Date(clock.now()),
      ...view(run, temporalUi),
      stopped: markOf(stopped),
      says: describeHeader(run.header),
      steps: run.steps.map((step) => ({ ...step, label: stepInWords(step.step) })),
    } satisfies Unsent<RunAnswer>);
  });

  routes.post('/v1/runs/:id/exit', async (req, res) => {
    const by = await auth.authenticate(req, 'secret');
    const { id } = await runOf(req);
    const hasBody = req.headers['content-length'] !== '0' && req.headers['content-type'] !== undefined;
    const { reason } = check(exitBody, hasBody ? (await readJson(req, maxEventBytes)).value : {});
    const ended = await exitRun(id, reason, by);
    const now = await runOf(req);
    sendJson(res, 200, { id, ended, state: now.state, outcome: now.outcome, reason: now.reason } satisfies ExitAnswer);
  });
}
