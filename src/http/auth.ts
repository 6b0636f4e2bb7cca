/** Who asks, and what a key of that kind may do. */
import type { IncomingMessage } from 'node:http';
import { sessionToken } from './cookies';
import type { Key, KeyKind, KeyStore } from './keys';
import type { Limits } from './limits';
import { Problem } from './problem';
import type { AddressOf } from './request-address';
import { isFromPages, needSameOrigin } from './same-origin';
import type { Sessions } from './sessions';

/** What a route asks of a key. A secret key may do everything, and an admin's session the same but for reporting. */
export type Right = 'report' | 'trigger' | 'secret';

const allowed: Record<Right, KeyKind[]> = {
  report: ['browser', 'server', 'secret'],
  trigger: ['server', 'secret'],
  secret: ['secret'],
};
const needed: Record<Right, string> = {
  report: 'a write key',
  trigger: 'a server write key or a secret key',
  secret: 'a secret key',
};

export interface Authenticator {
  /** The key of this request. `bodyKey` is the body's `writeKey`, which counts where events are reported. */
  authenticate(req: IncomingMessage, right: Right, bodyKey?: unknown): Promise<Key>;
  /**
   * Of a request that shows no key before its body is read: it counts as one of a page, so that bodies of nobody's are
   * not read without end. Throws if that is too many. `authenticate` with the body's key does not count it again.
   */
  countUnread(req: IncomingMessage): void;
  /** A request that brings several events with a key that lives in pages counts as so many. Throws if that is too many. */
  countFurther(req: IncomingMessage, key: Key, events: number): void;
  /** Whether its cookie is that of an open session. Others count as refused, and throw once there are too many. */
  isSignedIn(req: IncomingMessage): Promise<boolean>;
}

/** The key in the Authorization header: the user name of Basic, or Bearer. */
export function presentedKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const space = header.indexOf(' ');
  const scheme = header.slice(0, space).toLowerCase();
  const value = header.slice(space + 1).trim();
  if (scheme === 'bearer') return value;
  if (scheme !== 'basic') return undefined;
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? text : text.slice(0, colon);
}

/** Whose session it is: there is one admin. */
const admin: Key = { id: 'admin', kind: 'secret', name: 'admin' };
const basic = { 'www-authenticate': 'Basic realm="sojourn", charset="UTF-8"' };

export interface AuthOptions {
  keys: KeyStore;
  limits: Limits;
  sessions?: Sessions;
  publicUrl?: string;
  addressOf: AddressOf;
}

export function createAuthenticator(options: AuthOptions): Authenticator {
  const { keys, limits, sessions, publicUrl, addressOf } = options;

  function refuse(req: IncomingMessage, detail: string): never {
    throw new Problem('unauthorized', detail, isFromPages(req) ? {} : { headers: basic });
  }

  /**
   * Somebody who guesses is to pay before the store is asked, not after. `look` calls what it is given first, unless it
   * knows already whom it asks about.
   */
  async function paidFirst<T>(req: IncomingMessage, look: (pay: () => void) => T | Promise<T>): Promise<T> {
    let paidFor: string | undefined;
    const looked = look(() => {
      const address = addressOf(req);
      limits.refusedAddress(address);
      paidFor = address;
    });
    const found = looked instanceof Promise ? await looked : looked;
    if (paidFor !== undefined && found) limits.admittedAddress(paidFor);
    if (paidFor === undefined && !found) limits.refusedAddress(addressOf(req));
    return found;
  }

  async function isOpen(req: IncomingMessage, token: string): Promise<boolean> {
    return paidFirst(req, (pay) => sessions?.isOpen(token, pay) ?? false);
  }

  async function ofSession(req: IncomingMessage, token: string): Promise<Key> {
    needSameOrigin(req, publicUrl);
    return (await isOpen(req, token)) ? admin : refuse(req, 'The session has ended. Sign in again.');
  }

  return {
    countUnread: (req) => limits.browserAddress(addressOf(req)),
    countFurther(req, key, events) {
      if (key.kind === 'browser' && events > 0) limits.browserAddress(addressOf(req), events);
    },
    async isSignedIn(req) {
      const token = sessionToken(req);
      return token !== undefined && token !== '' && (await isOpen(req, token));
    },
    async authenticate(req, right, bodyKey) {
      const presented = presentedKey(req.headers.authorization);
      const inBody = presented === undefined && right === 'report' && typeof bodyKey === 'string' ? bodyKey : undefined;
      const offered = presented ?? inBody;
      const token = offered === undefined && right !== 'report' ? sessionToken(req) : undefined;
      if (token) return ofSession(req, token);
      if (offered === undefined) {
        limits.refusedAddress(addressOf(req));
        const orBody = right === 'report' ? ', or as writeKey in the body' : '';
        return refuse(req, `Send ${needed[right]} as the user name of Basic authentication, as Bearer token${orBody}.`);
      }
      const key = await paidFirst(req, (pay) => keys.find(offered, pay));
      if (!key) return refuse(req, `This key is not known, or was revoked. Send ${needed[right]}.`);
      if (inBody !== undefined && key.kind === 'secret') {
        throw new Problem(
          'forbidden',
          'A secret key does not belong into a body. Send it in the Authorization header.',
        );
      }
      limits.key(key.id);
      // One whose key is in its body was counted before that was read.
      if (inBody === undefined && key.kind === 'browser') limits.browserAddress(addressOf(req));
      if (inBody !== undefined && key.kind === 'server') limits.serverAddress(addressOf(req));
      if (!allowed[right].includes(key.kind)) {
        throw new Problem('forbidden', `A ${key.kind} key may not do this. Use ${needed[right]}.`);
      }
      return key;
    },
  };
}
