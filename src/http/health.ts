/** Liveness, readiness by part, metrics. */
import express, { type Express, type Request } from 'express';
import { createAuthenticator, type Authenticator } from './auth';
import type { ReadyAnswer } from './answers';
import { sessionToken } from './cookies';
import type { AppDeps } from './deps';
import { createLimits } from './limits';
import { createParts, stateOf, type Parts, type PartStates } from './parts';
import { addressesBy } from './request-address';
import { createRoutes, sendJson, type Routes } from './routes';

export type HealthDeps = Pick<AppDeps, 'metrics' | 'mayBeAway'>;

function withoutWhy(parts: PartStates): PartStates {
  return Object.fromEntries(Object.entries(parts).map(([name, { ready }]) => [name, { ready }]));
}

export function healthRoutes(
  routes: Routes,
  { metrics, mayBeAway = ['temporal'] }: HealthDeps,
  auth: Authenticator,
  parts: Parts,
): void {
  /** What a driver says names hosts and users. Whether this is somebody who may know can be beyond knowing just now. */
  async function mayKnowWhy(req: Request): Promise<boolean> {
    if (req.headers.authorization === undefined && sessionToken(req) === undefined) return false;
    return (await stateOf(() => auth.authenticate(req, 'secret'))).ready;
  }

  routes.get('/healthz', (_req, res) => sendJson(res, 200, { status: 'ok' }));

  routes.get('/readyz', async (req, res) => {
    const told = await parts.now();
    const states = Object.entries(told);
    const ready = states.every(([name, state]) => state.ready || mayBeAway.includes(name));
    const shown = states.every(([, state]) => state.ready) || (await mayKnowWhy(req)) ? told : withoutWhy(told);
    sendJson(res, ready ? 200 : 503, { ready, parts: shown } satisfies ReadyAnswer);
  });

  routes.get('/metrics', async (req, res) => {
    await auth.authenticate(req, 'secret');
    const text = await metrics.text();
    res.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
    res.end(text);
  });
}

/** These addresses alone, for a process that has no API. The same keys open the same things. */
export function createHealthApp(deps: HealthDeps & Pick<AppDeps, 'readiness' | 'keys' | 'onError'>): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const routes = createRoutes(app, deps);
  const auth = createAuthenticator({ keys: deps.keys, limits: createLimits(), addressOf: addressesBy(app) });
  healthRoutes(routes, deps, auth, createParts(deps.readiness));
  routes.finish();
  return app;
}
