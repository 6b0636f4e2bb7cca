/**
 * The addresses inside messages: tracked links and unsubscribing. Their tokens are signed; where a link leads is read
 * from the store, so that nobody can be sent elsewhere by one.
 */
import type { Response } from 'express';
import { ownMessageId } from '../events';
import { readClickedLink } from '../messaging';
import { unknownLinkPage, unsubscribedPage, unsubscribePage } from '../web';
import type { AppDeps } from './deps';
import { sendPage, type Routes } from './routes';

export function trackingRoutes(routes: Routes, { accept, clock, consents, db, signer }: AppDeps): void {
  const unknown = (res: Response) => sendPage(res, 404, unknownLinkPage());

  routes.get('/t/:token', async (req, res) => {
    const token = String(req.params['token']);
    const link = await readClickedLink(db, signer, token);
    if (!link) return unknown(res);
    const { sendId, message, runId, personId } = link;
    // As a header may hold it: a template's address may have letters that a header must not.
    const url = URL.canParse(link.url) ? new URL(link.url).href : '';
    if (!/^https?:/.test(url)) return unknown(res);
    // Link checkers ask with HEAD before people click. The same link of the same message counts once.
    if (req.method === 'GET') {
      await accept([
        {
          type: 'track',
          name: 'message_clicked',
          messageId: ownMessageId('click', sendId, signer.readClick(token)?.position ?? 0),
          personId,
          properties: { message_id: sendId, message, run_id: runId, url },
          occurredAt: clock.now(),
          source: 'message',
          planned: true,
          activity: false,
        },
      ]);
    }
    res.writeHead(302, {
      location: url,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-length': 0,
    });
    res.end();
  });

  routes.get('/u/:token', (req, res) => {
    const token = signer.readUnsubscribe(String(req.params['token']));
    if (!token) return unknown(res);
    sendPage(res, 200, unsubscribePage(token.topic));
  });

  // RFC 8058: the mail provider posts `List-Unsubscribe=One-Click`, without cookies or a redirect. What else a body says
  // changes nothing, so it is not read: the token says who, and from what.
  routes.post('/u/:token', async (req, res) => {
    const token = signer.readUnsubscribe(String(req.params['token']));
    if (!token) return unknown(res);
    const { personId, topic } = token;
    const number = await consents.unsubscribe({ personId, topic, source: 'one-click' });
    if (number === undefined) return unknown(res);
    sendPage(res, 200, unsubscribedPage(topic));
    req.resume();
  });
}
