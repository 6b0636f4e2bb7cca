/** Liveness, readiness by part, metrics. */
import express, { type Express, type Request } from 'express';
import { createAuthenticator, type Authenticator } from './auth';
import type { PartState, ReadyAnswer } from './answers';
import { sessionToken } from './cookies';
import type { AppDeps } from './deps';
import { createLimits } from './limits';
import { createRoutes, sendJson, type Routes } from './routes';

/** A part that has not answered by then counts as down. */
const partWithinMs = 2_000;

async function ask(part: () => Promise<unknown>): Promise<PartState> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${partWithinMs / 1_000} s`)), partWithinMs);
    });
    await Promise.race([part(), late]);
    return { ready: true };
  } catch (error) {
    return { ready: false, detail: firstLine(error) };
  } finally {
    clearTimeout(timer);
  }
}

function firstLine(error: unknown): string {
  const cause: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split('\n')[0]?.slice(0, 300) ?? '';
}

export type HealthDeps = Pick<AppDeps, 'metrics' | 'readiness' | 'mayBeAway'>;

/** What each part says of itself, after two seconds at most. */
export async function partsOf(readiness: AppDeps['readiness']): Promise<Record<string, PartState>> {
  const asked = Object.entries(readiness).map(async ([name, part]) => [name, await ask(part)] as const);
  return Object.fromEntries(await Promise.all(asked));
}

function withoutWhy(parts: Record<string, PartState>): Record<string, PartState> {
  return Object.fromEntries(Object.entries(parts).map(([name, { ready }]) => [name, { ready }]));
}

export function healthRoutes(
  routes: Routes,
  { metrics, readiness, mayBeAway = ['temporal'] }: HealthDeps,
  auth: Authenticator,
): void {
  /** What a driver says names hosts and users. Whether this is somebody who may know can be beyond knowing just now. */
  async function mayKnowWhy(req: Request): Promise<boolean> {
    if (req.headers.authorization === undefined && sessionToken(req) === undefined) return false;
    return (await ask(() => auth.authenticate(req, 'secret'))).ready;
  }

  let asking: Promise<Record<string, PartState>> | undefined;
  /** Anybody may ask, as often as they like: those who ask at once cost the parts one question. */
  function partsNow(): Promise<Record<string, PartState>> {
    asking ??= partsOf(readiness).finally(() => (asking = undefined));
    return asking;
  }

  routes.get('/healthz', (_req, res) => sendJson(res, 200, { status: 'ok' }));

  routes.get('/readyz', async (req, res) => {
    const told = await partsNow();
    const states = Object.entries(told);
    const ready = states.every(([name, state]) => state.ready || mayBeAway.includes(name));
    const parts = states.every(([, state]) => state.ready) || (await mayKnowWhy(req)) ? told : withoutWhy(told);
    sendJson(res, ready ? 200 : 503, { ready, parts } satisfies ReadyAnswer);
  });

  routes.get('/metrics', async (req, res) => {
    await auth.authenticate(req, 'secret');
    const text = await metrics.text();
    res.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
    res.end(text);
  });
}

/** These addresses alone, for a process that has no API. The same keys open the same things. */
export function createHealthApp(deps: HealthDeps & Pick<AppDeps, 'keys' | 'onError'>): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const routes = createRoutes(app, deps);
  healthRoutes(routes, deps, createAuthenticator({ keys: deps.keys, limits: createLimits() }));
  routes.finish();
  return app;
}
