/**
 * Ties handlers to addresses: every answer is counted, every error becomes a problem in one place, and a known address
 * with another method is told which methods there are.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Express, Request, Response } from 'express';
import type { AppDeps } from './deps';
import { isTooSlow, Problem, toProblem } from './problem';

export type Handler = (req: Request, res: Response) => Promise<void> | void;
/** Of an address that may be answered without Express, whose own parts of a request are then missing. */
export type PlainHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;
type Method = 'get' | 'post' | 'delete';

export interface Routes {
  get(path: string, handler: Handler): void;
  post(path: string, handler: Handler): void;
  /** As `post`, for what pages of any site may send: the busiest of all. */
  postFromAnywhere(path: string, handler: PlainHandler): void;
  delete(path: string, handler: Handler): void;
  /** After all others: 405 for known addresses, 404 for the rest, which `missing` shows to whoever asks for a page. */
  finish(missing?: (res: Response) => void): void;
  /**
   * Answers a request. Express would take a good part of what an event costs, so what is posted to an address of
   * `postFromAnywhere` exactly as it is written goes past it. In another spelling that Express knows, and while requests
   * are watched, it goes through Express to the same handler.
   */
  listener: RequestListener;
}

export function createRoutes(
  app: Express,
  { metrics, onError, watch }: Pick<AppDeps, 'metrics' | 'onError' | 'watch'>,
): Routes {
  const methods = new Map<string, Method[]>();
  const fromAnywhere = new Map<string | undefined, PlainHandler>();

  function fail(error: unknown, route: string, res: ServerResponse): void {
    const problem = toProblem(error);
    // The caller may try again, and yet somebody should see which question is slow.
    if (!problem || isTooSlow(error)) onError?.(error, route);
    if (res.headersSent) res.destroy();
    else
      (problem ?? new Problem('internal', 'The fault is ours and was noted. Send the same request again later.')).send(
        res,
      );
  }

  function counted<Req extends IncomingMessage, Res extends ServerResponse>(
    route: string,
    handler: (req: Req, res: Res) => Promise<void> | void,
  ) {
    return async (req: Req, res: Res): Promise<void> => {
      const started = performance.now();
      try {
        await handler(req, res);
      } catch (error) {
        fail(error, route, res);
      }
      metrics.request(route, res.statusCode, started);
    };
  }

  function add(method: Method, path: string, handler: Handler): void {
    methods.set(path, [...(methods.get(path) ?? []), method]);
    app[method](path, handler);
  }

  return {
    get: (path, handler) => add('get', path, counted(path, handler)),
    post: (path, handler) => add('post', path, counted(path, handler)),
    postFromAnywhere(path, handler) {
      const answer = counted(path, handler);
      fromAnywhere.set(path, answer);
      add('post', path, answer);
    },
    delete: (path, handler) => add('delete', path, counted(path, handler)),
    finish(missing) {
      for (const [path, known] of methods) {
        const allow = [...known, ...(known.includes('get') ? ['head'] : []), 'options'].join(', ').toUpperCase();
        app.all(
          path,
          counted(path, (req: Request, res: Response) => {
            if (req.method === 'OPTIONS') {
              res.writeHead(204, { allow, ...(fromAnywhere.has(path) && preflight(allow)) }).end();
            } else throw new Problem('method-not-allowed', `Use ${allow}.`, { headers: { allow } });
          }),
        );
      }
      app.use(
        counted('unknown', (req: Request, res: Response) => {
          const isPage = req.method === 'GET' && !/^\/(v1|api)(\/|$)/.test(req.path);
          if (missing && isPage && req.accepts(['json', 'html']) === 'html') return missing(res);
          throw new Problem(
            'not-found',
            `There is no address ${req.path.slice(0, 200)}. /openapi.json lists those there are.`,
          );
        }),
      );
      // Express finds errors before any route does: an address that can't be decoded.
      app.use((error: unknown, _req: Request, res: Response, _next: unknown) => fail(error, 'unknown', res));
    },
    listener(req, res) {
      const answer = req.method === 'POST' && !watch ? fromAnywhere.get(req.url) : undefined;
      // It answers its own errors; what is thrown meanwhile must end no more than this request.
      if (answer) answer(req, res).catch(() => res.destroy());
      else app(req, res);
    },
  };
}

/** Pages of any site may report events with their key; cookies are never involved. */
function preflight(allow: string) {
  return {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': allow,
    'access-control-allow-headers': 'authorization, content-type, idempotency-key',
    'access-control-max-age': '86400',
  };
}

const security = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
};

export function sendJson(res: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  res.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...security,
  });
  res.end(text);
}

/** A page of ours: no scripts, nothing from elsewhere, and forms only to ourselves. */
export function sendPage(res: ServerResponse, status: number, html: string, policy = ''): void {
  res.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'${policy}`,
    ...security,
  });
  res.end(html);
}
