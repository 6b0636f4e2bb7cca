/**
 * What is known of each HTTP request while it is answered: its span, which goes on in whatever it causes, and a line in
 * the log at `debug`. By the route's pattern: addresses hold people's ids and tokens.
 */
import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from './log';
import type { Tracing } from './tracing';

/** Asked every few seconds by machines that look whether we are there. */
const unwatched = new Set(['/healthz', '/readyz', '/metrics']);

export type Middleware = (req: Request, res: Response, next: NextFunction) => void;

/** Undefined when neither traces nor request logs are wanted, so that nobody pays for them. */
export function watchRequests({ tracing, log }: { tracing: Tracing; log: Logger }): Middleware | undefined {
  const logs = log.isLevelEnabled('debug');
  if (!tracing.on && !logs) return undefined;
  return (req, res, next) => {
    if (unwatched.has(req.path)) return next();
    const started = performance.now();
    const { method } = req;
    const request = randomUUID();
    if (logs) res.setHeader('x-request-id', request);
    const answered = tracing.span(
      method,
      { kind: 'server', parent: header(req), attributes: { 'http.request.method': method } },
      (span) =>
        new Promise<void>((resolve) => {
          res.once('close', () => {
            const route = routeOf(req);
            span.rename(`${method} ${route}`);
            span.set({ 'http.route': route, 'http.response.status_code': res.statusCode });
            if (res.statusCode >= 500) span.fail(String(res.statusCode));
            if (logs) log.debug({ request, method, route, ...outcome(res, started) }, 'Request');
            resolve();
          });
          next();
        }),
    );
    answered.catch(next);
  };
}

function outcome(res: Response, started: number): object {
  const ms = Math.round((performance.now() - started) * 10) / 10;
  return { status: res.statusCode, ms, ...(!res.writableFinished && { aborted: true }) };
}

function header(req: Request): string | undefined {
  const { traceparent } = req.headers;
  return typeof traceparent === 'string' ? traceparent : undefined;
}

/** Set by Express once a route has taken the request. */
function routeOf(req: Request): string {
  const { route } = req as { route?: { path?: unknown } };
  return typeof route?.path === 'string' ? route.path : 'unknown';
}
