/**
 * What a browser key may not say. It lives in pages, so whoever reads it may report events, but not speak for known
 * users, set addresses, bring addresses of other sites into messages, or take a message id that somebody else will need.
 */
import type { Db } from '../db';
import { ownMessageId, type IncomingEvent, type Rejection } from '../events';
import { withoutForeignAddresses } from './foreign-addresses';
import { isSignedUserId } from './keys';

export interface BrowserRules {
  signingKey?: string;
  allowedHosts: ReadonlySet<string>;
  db: Db;
}

const addressTraits = ['email', 'phone'];
type Refusal = Omit<Rejection, 'index'>;

function forbidden(path: string, detail: string): Refusal {
  return { path, detail, kind: 'forbidden' };
}

/** Where a page puts the signature: at the top level, or in `context`, which Segment's own client passes on. */
function signatureOf(call: unknown, event: IncomingEvent): unknown {
  const top = typeof call === 'object' && call !== null && 'userIdSignature' in call ? call.userIdSignature : undefined;
  return top ?? event.context?.['userIdSignature'];
}

/**
 * What is wrong, or nothing; takes out of the event what must not reach templates, and puts its message id among those
 * of its visitor: the number of an order is guessed easily, and the server's report of it must still count.
 */
export async function applyBrowserRules(
  event: IncomingEvent,
  call: unknown,
  rules: BrowserRules,
): Promise<Refusal | undefined> {
  if (event.userId !== undefined) {
    const signature = signatureOf(call, event);
    const proven =
      rules.signingKey !== undefined &&
      typeof signature === 'string' &&
      isSignedUserId(rules.signingKey, event.userId, signature);
    if (!proven) {
      return forbidden('userId', 'a browser key may name a user only with userIdSignature, which your server makes');
    }
  }
  if (event.context) {
    const { userIdSignature: _, ...context } = event.context;
    event.context = context;
  }
  if (event.type === 'identify') {
    const address = addressTraits.find((trait) => event.properties[trait] !== undefined);
    if (address !== undefined) {
      return forbidden(`traits.${address}`, 'a browser key may not set addresses; identify with a server key');
    }
  }
  if (event.type === 'alias' && event.previousId !== undefined && (await isKnownUser(rules.db, event.previousId))) {
    return forbidden('previousId', 'a browser key may not join two known users');
  }
  // Of tracks and pages, and traits too: a message may show any of them.
  event.properties = withoutForeignAddresses(event.properties, rules.allowedHosts);
  event.messageId = ownMessageId('browser', visitorOf(event), event.messageId);
  return undefined;
}

/** Who reports, as a part of ids: no user's begins with `anonymous:`, and no slash is left that parts are put together by. */
export function visitorOf({ userId, anonymousId }: IncomingEvent): string {
  return (userId ?? `anonymous:${anonymousId}`).replace(/[%/]/g, encodeURIComponent);
}

async function isKnownUser(db: Db, value: string): Promise<boolean> {
  const rows = await db
    .selectFrom('person_ids')
    .innerJoin('people', 'people.id', 'person_ids.person_id')
    .leftJoin('people as kept', 'kept.id', 'people.merged_into')
    .select(['kind', 'people.user_id', 'kept.user_id as kept_user_id'])
    // Both kinds by name: the index begins with them.
    .where('kind', 'in', ['user', 'anonymous'])
    .where('value', '=', value)
    .execute();
  return rows.some((row) => row.kind === 'user' || row.user_id !== null || row.kept_user_id !== null);
}
