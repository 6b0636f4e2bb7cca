/** Puts the routes together, the busiest first. */
import express, { type Express } from 'express';
import { homePage, type Address } from '../web';
import { createAuthenticator } from './auth';
import type { AppDeps } from './deps';
import { eventRoutes } from './events';
import { healthRoutes } from './health';
import { inboxRoutes } from './inbox';
import { journeyRoutes } from './journeys';
import { createLimits } from './limits';
import { messageRoutes } from './messages';
import { describeApi } from './openapi';
import { peopleRoutes } from './people';
import { createRoutes, sendJson, sendPage } from './routes';
import { runRoutes } from './runs';
import { templateRoutes } from './templates';
import { trackingRoutes } from './tracking';
import { triggerRoutes } from './triggers';

/** The HTTP side over the parts given. Nothing is opened or started here; listening is the caller's. */
export function createApp(deps: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  if (deps.trustProxy !== undefined) app.set('trust proxy', deps.trustProxy);

  const auth = createAuthenticator(deps.keys, createLimits(deps.limits));
  const routes = createRoutes(app, deps);
  eventRoutes(routes, deps, auth);
  triggerRoutes(routes, deps, auth);
  trackingRoutes(routes, deps);
  healthRoutes(routes, deps, auth);
  peopleRoutes(routes, deps, auth);
  runRoutes(routes, deps, auth);
  messageRoutes(routes, deps, auth);
  journeyRoutes(routes, deps, auth);
  templateRoutes(routes, deps, auth);
  inboxRoutes(routes, deps, auth);

  const description = describeApi(deps.plan);
  routes.get('/openapi.json', (_req, res) => sendJson(res, 200, description));
  const home = homePage([...addresses, ...(deps.inbox ? [inboxAddress] : []), ...temporalAddress(deps)]);
  routes.get('/', (_req, res) => sendPage(res, 200, home));
  routes.finish();
  return app;
}

const addresses: Address[] = [
  {
    path: 'POST /v1/track',
    what: 'events in, as in the Segment HTTP API; also identify, page, screen, group, alias, batch',
  },
  { path: 'POST /api/log_event', what: 'events in, in the short form' },
  { path: 'POST /api/trigger/:journey', what: 'asks for a journey now' },
  { path: 'GET /v1/journeys', what: 'journeys and their results' },
  { path: 'GET /v1/runs', what: 'runs, with links to the Temporal UI' },
  { path: 'GET /v1/people/:id/timeline', what: 'what happened to somebody' },
  { path: 'GET /v1/messages', what: 'messages, and why not' },
  { path: 'POST /v1/templates/:message/pause', what: 'the kill switch of one message; resume lets it go on' },
  { path: 'GET /readyz', what: 'which parts are up' },
  { path: 'GET /metrics', what: 'for Prometheus' },
  { path: 'GET /openapi.json', what: 'all of this, for machines' },
];
const inboxAddress: Address = { path: 'GET /inbox', what: 'mails that were sent, in development' };

function temporalAddress({ temporalUi }: AppDeps): Address[] {
  return temporalUi ? [{ path: temporalUi.url, what: 'the Temporal UI' }] : [];
}
