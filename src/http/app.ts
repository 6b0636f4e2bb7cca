/** Puts the routes together, the busiest first. */
import type { RequestListener } from 'node:http';
import express from 'express';
import { keyRoutes } from './api-keys';
import { auditRoutes } from './audit';
import { createAuthenticator } from './auth';
import type { AppDeps } from './deps';
import { eventRoutes } from './events';
import { healthRoutes } from './health';
import { inboxRoutes } from './inbox';
import { journeyRoutes } from './journeys';
import { createLimits } from './limits';
import { previewRoutes } from './message-preview';
import { messageRoutes } from './messages';
import { describeApi } from './openapi';
import { overviewRoutes } from './overview';
import { pageRoutes, sendMissingPage } from './pages';
import { createParts } from './parts';
import { peopleRoutes } from './people';
import { addressesBy } from './request-address';
import { createRoutes, sendJson } from './routes';
import { runRoutes } from './runs';
import { sessionRoutes } from './session';
import { createSessions } from './sessions';
import { templateRoutes } from './templates';
import { trackingRoutes } from './tracking';
import { triggerRoutes } from './triggers';

/** The HTTP side over the parts given: what a server is to call for each request. Nothing is opened or started here; listening is the caller's. */
export function createApp(deps: AppDeps): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  if (deps.trustProxy !== undefined) app.set('trust proxy', deps.trustProxy);

  if (deps.watch) app.use(deps.watch);

  const { db, keys, admin, signingKey, publicUrl } = deps;
  const limits = createLimits(deps.limits);
  const sessions = admin && signingKey ? createSessions({ db, password: admin.password, signingKey }) : undefined;
  const addressOf = addressesBy(app);
  const auth = createAuthenticator({ keys, limits, sessions, publicUrl, addressOf });
  const parts = createParts(deps.readiness);
  const routes = createRoutes(app, deps);
  eventRoutes(routes, deps, auth);
  triggerRoutes(routes, deps, auth);
  trackingRoutes(routes, deps);
  healthRoutes(routes, deps, auth, parts);
  peopleRoutes(routes, deps, auth);
  runRoutes(routes, deps, auth);
  messageRoutes(routes, deps, auth);
  journeyRoutes(routes, deps, auth);
  templateRoutes(routes, deps, auth);
  previewRoutes(routes, deps, auth);
  inboxRoutes(routes, deps, auth);
  overviewRoutes(routes, deps, auth, parts);
  keyRoutes(routes, deps, auth);
  auditRoutes(routes, deps, auth);
  sessionRoutes(routes, deps, auth, { sessions, limits, addressOf });

  const description = describeApi(deps.plan);
  routes.get('/openapi.json', (_req, res) => sendJson(res, 200, description));
  pageRoutes(routes, deps);
  deps.more?.(routes);
  routes.finish((res) => sendMissingPage(res, deps));
  return routes.listener;
}
