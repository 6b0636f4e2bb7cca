/** Serves the shop and the guide, which are one application, and the pictures that messages show too. */
import type { Request, Response } from 'express';
import { Problem, sendApp, sendAsset, type Routes } from '../http';
import type { BuiltApp, Unbuilt } from '../web';

/** The application's own addresses. */
const pages = ['/demo', '/shop', '/shop/product/:id', '/shop/cart', '/shop/checkout', '/shop/thanks', '/shop/account'];
const day = 86_400;

/** `publicUrl` is where mails lead to. */
export function shopFiles(app: BuiltApp | Unbuilt, publicUrl: string): (routes: Routes) => void {
  function page(req: Request, res: Response): void {
    const better = onPublicHost(req.headers.host, publicUrl);
    if (better === undefined) return sendApp(res, app);
    res.writeHead(302, { location: better + req.originalUrl, 'cache-control': 'no-store', 'content-length': 0 });
    res.end();
  }

  function picture(req: Request, res: Response): void {
    const asset = 'reason' in app ? undefined : app.assets.get(`pictures/${String(req.params['name'])}`);
    if (!asset) throw new Problem('not-found', 'The shop has no such picture.');
    res.writeHead(200, {
      'content-type': asset.type,
      'content-length': asset.body.length,
      // Not for ever: its name stays the same when it is drawn anew, since mails have it.
      'cache-control': `public, max-age=${day}`,
      'x-content-type-options': 'nosniff',
    });
    res.end(asset.body);
  }

  return (routes) => {
    for (const path of pages) routes.get(path, page);
    routes.get('/shop/assets/:name', (req, res) => sendAsset(req, res, app, `assets/${String(req.params['name'])}`));
    routes.get('/shop/pictures/:name', picture);
  };
}

/**
 * A browser keeps the cart and the session by host name, and mails lead to the public one: who comes by this machine's
 * other name, at the same port, is led there. The origin to go to, or undefined.
 */
export function onPublicHost(host: string | undefined, publicUrl: string): string | undefined {
  const { protocol, hostname, port, origin } = new URL(publicUrl);
  const local = ['localhost', '127.0.0.1'];
  if (protocol !== 'http:' || !local.includes(hostname)) return undefined;
  return local.some((name) => name !== hostname && host === `${name}:${port || '80'}`) ? origin : undefined;
}
