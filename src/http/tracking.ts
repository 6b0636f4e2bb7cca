/**
 * The addresses inside messages: tracked links, unsubscribing and choosing what one gets. Their tokens are signed; where
 * a link leads is read from the store, so that nobody can be sent elsewhere by one.
 */
import type { Request, Response } from 'express';
import { clickOf, everyTopic, readClickedLink, readConsent, topicLabel } from '../messaging';
import {
  alreadyUnsubscribedPage,
  notThisFormPage,
  preferencesPage,
  unknownLinkPage,
  unsubscribedPage,
  unsubscribePage,
} from '../web';
import { readBody } from './body';
import type { AppDeps } from './deps';
import { choicesIn, isOneClick, maxFormBytes, preferencesOf } from './preferences-form';
import { sendPage, type Routes } from './routes';

export function trackingRoutes(routes: Routes, deps: AppDeps): void {
  const { accept, clock, consents, db, senderName, signer, topics } = deps;
  const unknown = (res: Response) => sendPage(res, 404, unknownLinkPage());

  routes.get('/t/:token', async (req, res) => {
    const token = String(req.params['token']);
    const link = await readClickedLink(db, signer, token);
    if (!link) return unknown(res);
    // As a header may hold it: a template's address may have letters that a header must not.
    const url = URL.canParse(link.url) ? new URL(link.url).href : '';
    if (!/^https?:/.test(url)) return unknown(res);
    // Link checkers ask with HEAD before people click.
    if (req.method === 'GET') await accept([clickOf({ ...link, url }, clock.now())]);
    res.writeHead(302, {
      location: url,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-length': 0,
    });
    res.end();
  });

  /** Undefined for a link that is not ours, or of somebody who is gone. */
  async function readLink(req: Request) {
    const token = signer.readUnsubscribe(String(req.params['token']));
    const choices = token && (await consents.stateOf(token.personId));
    if (!token || !choices) return undefined;
    const { personId, topic } = token;
    const subject = { from: senderName, label: topic === everyTopic ? undefined : topicLabel(topics, topic) };
    return { personId, topic, choices, subject };
  }

  const asksPreferences = (req: Request) => req.query['preferences'] !== undefined;

  // Mail scanners fetch links, so a GET changes nothing.
  routes.get('/u/:token', async (req, res) => {
    const link = await readLink(req);
    if (!link) return unknown(res);
    const { choices, subject } = link;
    if (asksPreferences(req)) return sendPage(res, 200, preferencesPage(preferencesOf(choices, deps)));
    const topic = topics.find(({ id }) => id === link.topic) ?? { id: link.topic, label: '', consent: 'opt-out' };
    const already = readConsent(topic, choices) === 'unsubscribed';
    sendPage(res, 200, already ? alreadyUnsubscribedPage(subject) : unsubscribePage(subject));
  });

  // RFC 8058: the mail provider posts `List-Unsubscribe=One-Click`, without cookies or a redirect. Whatever else is posted
  // to the link of a mail unsubscribes as well; only the page to choose on has a form that is read.
  routes.post('/u/:token', async (req, res) => {
    const link = await readLink(req);
    if (!link) return unknown(res);
    const { personId, topic, subject } = link;
    const body = (await readBody(req, maxFormBytes)).toString('utf8');
    if (asksPreferences(req) && !isOneClick(body)) {
      const choices = choicesIn(body, topics);
      if (!choices) return sendPage(res, 400, notThisFormPage());
      const now = await consents.choose({ personId, source: 'preferences', choices });
      if (!now) return unknown(res);
      return sendPage(res, 200, preferencesPage({ ...preferencesOf(now, deps), saved: true }));
    }
    const number = await consents.unsubscribe({ personId, topic, source: isOneClick(body) ? 'one-click' : 'page' });
    if (number === undefined) return unknown(res);
    sendPage(res, 200, unsubscribedPage(subject));
  });
}
