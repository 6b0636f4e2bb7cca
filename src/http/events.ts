/**
 * Events in: the Segment HTTP API and the short form. An answer of 2xx means committed. These are the busiest
 * addresses, so they stand before everything else and answer with headers made once.
 */
import type { IncomingMessage } from 'node:http';
import {
  maxBatchBytes,
  maxEventBytes,
  parseBatch,
  parseCall,
  parseShortForm,
  type IncomingEvent,
  type IncomingType,
  type ParseContext,
  type Parsed,
  type Rejection,
} from '../events';
import type { Authenticator } from './auth';
import { readJson, type JsonBody } from './body';
import { applyBrowserRules, visitorOf, type BrowserRules } from './browser-rules';
import type { AppDeps } from './deps';
import { idempotencyKey, once } from './idempotency';
import type { Key } from './keys';
import { Problem } from './problem';
import type { PlainHandler, Routes } from './routes';

const headers = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'access-control-allow-origin': '*',
};
const segmentReply = { status: 200, text: '{"success":true}', body: { success: true } };
const shortReply = { status: 202, text: '{"accepted":1}', body: { accepted: 1 } };
const segmentHeaders = { ...headers, 'content-length': segmentReply.text.length };
const shortHeaders = { ...headers, 'content-length': shortReply.text.length };

/** How many refused calls an answer names. */
const maxNamed = 100;

const types: IncomingType[] = ['track', 'identify', 'page', 'screen', 'group', 'alias'];

interface Admitted {
  key: Key;
  body: JsonBody;
}

export function eventRoutes(routes: Routes, deps: AppDeps, auth: Authenticator): void {
  const { accept, clock, db, metrics, plan } = deps;
  const rules: BrowserRules = { db, signingKey: deps.signingKey, allowedHosts: new Set(deps.allowedHosts) };

  /**
   * A key in the header is looked at before the body is read. One in the body, where browsers put it that can set no
   * header as they leave a page, after it: such bodies are read as often as their address may report.
   */
  async function admit(req: IncomingMessage, limit: number): Promise<Admitted> {
    if (req.headers.authorization !== undefined) {
      const key = await auth.authenticate(req, 'report');
      return { key, body: await readJson(req, limit) };
    }
    auth.countUnread(req);
    const body = await readJson(req, limit);
    const { value } = body;
    const bodyKey = typeof value === 'object' && value !== null && 'writeKey' in value ? value.writeKey : undefined;
    return { key: await auth.authenticate(req, 'report', bodyKey), body };
  }

  function contextFor(key: Key, messageId?: string): ParseContext {
    const received = { wall: Date.now(), now: clock.now(), scale: clock.scale };
    const isPublic = key.kind === 'browser';
    return { plan, received, source: isPublic ? 'browser' : 'http', joinsUsers: !isPublic, messageId };
  }

  async function commit(events: IncomingEvent[]): Promise<void> {
    const accepted = await accept(events);
    accepted.forEach(({ duplicate }, index) => {
      const event = events[index];
      if (event && !duplicate) metrics.eventsAccepted.inc({ type: event.type, planned: String(event.planned) });
    });
  }

  /** The event, by the rules of its key, or its rejection. */
  async function judged(parsed: Parsed, call: unknown, key: Key): Promise<Parsed> {
    if (!parsed.event || key.kind !== 'browser') return parsed;
    const refusal = await applyBrowserRules(parsed.event, call, rules);
    return refusal ? { rejection: { index: 0, ...refusal } } : parsed;
  }

  async function take(parsed: Parsed, call: unknown, key: Key): Promise<void> {
    const { event, rejection } = await judged(parsed, call, key);
    if (rejection) throw refused(rejection, metrics);
    await commit([event]);
  }

  function single(path: string, parse: (body: unknown, context: ParseContext) => Parsed, short: boolean): void {
    const reply = short ? shortReply : segmentReply;
    const replyHeaders = short ? shortHeaders : segmentHeaders;
    routes.postFromAnywhere(path, async (req, res) => {
      const { key, body } = await admit(req, maxEventBytes);
      const dedupeKey = req.headers['idempotency-key'] === undefined ? undefined : idempotencyKey(req);
      const parsed = parse(body.value, contextFor(key, dedupeKey));
      if (parsed.rejection) throw refused(parsed.rejection, metrics);
      if (dedupeKey === undefined) await take(parsed, body.value, key);
      else {
        // Of a key that lives in pages, each visitor's apart, as its message ids are.
        const whose = key.kind === 'browser' ? ` ${visitorOf(parsed.event)}` : '';
        await once(db, `${key.id} ${path}${whose}`, dedupeKey, body.text, () =>
          take(parsed, body.value, key).then(() => ({ status: reply.status, body: reply.body })),
        );
      }
      res.writeHead(reply.status, replyHeaders);
      res.end(reply.text);
    });
  }

  /** What fits is committed by now: whatever becomes of the rest, the answer must say so, or it is sent again. */
  async function keepAside(rejections: Rejection[], calls: unknown[], key: Key): Promise<void> {
    const common = { receivedAt: clock.now(), source: key.kind === 'browser' ? 'browser' : 'http' };
    try {
      await deps.setAside?.(
        rejections.map(({ index, path, detail }) => ({ call: calls[index], path, detail, ...common })),
      );
    } catch (error) {
      deps.onError?.(error, 'keeping refused calls aside');
    }
  }

  const batch: PlainHandler = async (req, res) => {
    const { key, body } = await admit(req, maxBatchBytes);
    const parsed = parseBatch(body.value, contextFor(key), body.bytes);
    if ('rejection' in parsed) throw refused(parsed.rejection, metrics);
    auth.countFurther(req, key, parsed.calls.length - 1);
    const calls = callsOf(body.value);
    const judgedCalls: Parsed[] = [];
    // One after the other: each may ask the store, and one request must not take all of its connections.
    for (const [index, call] of parsed.calls.entries()) {
      const result = await judged(call, calls[index], key);
      if (result.rejection) result.rejection.index = index;
      judgedCalls.push(result);
    }
    const events = judgedCalls.flatMap(({ event }) => event ?? []);
    const rejections = judgedCalls.flatMap(({ rejection }) => rejection ?? []);
    if (events.length > 0) await commit(events);
    if (rejections.length === 0) {
      res.writeHead(200, segmentHeaders);
      res.end(segmentReply.text);
      return;
    }
    for (const { kind } of rejections) metrics.eventsRejected.inc({ reason: kind });
    await keepAside(rejections, calls, key);
    const rejected = rejections.slice(0, maxNamed).map(({ index, path, detail }) => ({ index, path, detail }));
    if (events.length === 0) {
      const named = rejections.length > maxNamed ? `the first ${maxNamed} of ${rejections.length} are` : 'each one is';
      throw new Problem('invalid-event', `None of the calls fits; ${named} named in errors. Correct and resend them.`, {
        path: `batch[0]${rejected[0]?.path ? `.${rejected[0].path}` : ''}`,
        errors: rejected,
      });
    }
    const text = JSON.stringify({
      success: true,
      accepted: events.length,
      rejected,
      ...(rejections.length > maxNamed && { rejectedInAll: rejections.length }),
    });
    res.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(text) });
    res.end(text);
  };

  for (const type of types) single(`/v1/${type}`, (body, context) => parseCall(type, body, context), false);
  routes.postFromAnywhere('/v1/batch', batch);
  single('/api/log_event', parseShortForm, true);
  single('/track-event', parseShortForm, true);
  // Segment's browser client shortens the addresses to their first letters.
  for (const type of types) single(`/v1/${type.charAt(0)}`, (body, context) => parseCall(type, body, context), false);
  routes.postFromAnywhere('/v1/b', batch);
}

function callsOf(body: unknown): unknown[] {
  return typeof body === 'object' && body !== null && 'batch' in body && Array.isArray(body.batch) ? body.batch : [];
}

function refused({ kind, path, detail }: Rejection, metrics: AppDeps['metrics']): Problem {
  metrics.eventsRejected.inc({ reason: kind });
  const type = kind === 'forbidden' ? 'forbidden' : kind === 'too_large' ? 'too-large' : 'invalid-event';
  const what = path === '' ? `The call ${detail}.` : `${path}: ${detail}.`;
  return new Problem(type, what, { path, errors: [{ path, detail }] });
}
