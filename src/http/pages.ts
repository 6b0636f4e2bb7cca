/**
 * The pages: one application for all their addresses, which reads everything through the API, so it is given to
 * whoever asks. Its policy lets it load its own files and nothing else; what was built is named by its content and kept.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { notBuiltPage, type BuiltApp, type Unbuilt } from '../web';
import type { AppDeps } from './deps';
import { Problem } from './problem';
import { sendPage, type Routes } from './routes';

const addresses = [
  '/',
  '/journeys',
  '/journeys/:id',
  '/people',
  '/people/:id',
  '/messages',
  '/messages/:id',
  '/settings',
  '/sign-in',
];
const inboxAddresses = ['/inbox', '/inbox/:id'];

const policy = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'", "font-src 'self'"],
  ...["frame-src 'self'", "manifest-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"],
].join('; ');

/** The application's page, or one that says why there is none. */
export function sendApp(res: ServerResponse, app: BuiltApp | Unbuilt, status = 200): void {
  if ('reason' in app) return sendPage(res, 503, notBuiltPage(app.reason));
  res.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(app.index),
    'content-security-policy': policy,
    'cache-control': 'no-cache',
    'cross-origin-opener-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'x-frame-options': 'DENY',
  });
  res.end(app.index);
}

/** One of its files, by its path below what was built. */
export function sendAsset(req: IncomingMessage, res: ServerResponse, app: BuiltApp | Unbuilt, path: string): void {
  const asset = 'reason' in app ? undefined : app.assets.get(path);
  if (!asset) throw new Problem('not-found', 'There is no such file. Load the page anew.');
  const packed = asset.gzipped !== undefined && /\bgzip\b/.test(String(req.headers['accept-encoding'] ?? ''));
  const body = packed ? asset.gzipped! : asset.body;
  res.writeHead(200, {
    'content-type': asset.type,
    'content-length': body.length,
    ...(packed && { 'content-encoding': 'gzip' }),
    vary: 'accept-encoding',
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
  });
  res.end(body);
}

const pagesOf = ({ pages }: AppDeps) => (pages ? pages() : { reason: 'This process was started without them.' });

/** The application says by itself that there is no such page, and where to go instead. */
export function sendMissingPage(res: ServerResponse, deps: AppDeps): void {
  sendApp(res, pagesOf(deps), 404);
}

export function pageRoutes(routes: Routes, deps: AppDeps): void {
  const { inbox } = deps;
  const app = () => pagesOf(deps);
  for (const address of [...addresses, ...(inbox ? inboxAddresses : [])]) {
    routes.get(address, (_req, res) => sendApp(res, app()));
  }
  routes.get('/assets/:file', (req, res) => sendAsset(req, res, app(), `assets/${String(req.params['file'])}`));
}
