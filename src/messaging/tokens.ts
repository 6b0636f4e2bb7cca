/**
 * Tokens in the addresses that messages carry: what they are about, and a proof that we made them (HMAC-SHA256, RFC
 * 2104). Nothing in them is secret; nobody else can make one, and one made for a purpose is no use for another.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface ClickToken {
  sendId: string;
  /** Which link of the message, from 0. */
  position: number;
}

export interface UnsubscribeToken {
  /** Sojourn's own id of the person. */
  personId: string;
  /** `*` for all marketing. */
  topic: string;
  sendId: string;
}

export interface Signer {
  click(token: ClickToken): string;
  unsubscribe(token: UnsubscribeToken): string;
  open(sendId: string): string;
  /** These return undefined for anything that this key has not signed for that purpose. */
  readClick(token: string): ClickToken | undefined;
  readUnsubscribe(token: string): UnsubscribeToken | undefined;
  readOpen(token: string): string | undefined;
  /** The same for the same step, so that a send keeps its id and its Message-ID through every attempt. */
  sendId(stepKey: string): string;
  /** An address as `suppressions` keeps it. */
  addressHash(address: string): string;
}

type Purpose = 'click' | 'unsubscribe' | 'open';

/** 128 bits: enough that none is guessed, short enough for an address. */
const macBytes = 16;
const longestToken = 512;

export function createSigner(key: string): Signer {
  const mac = (purpose: string, payload: string) => createHmac('sha256', key).update(`${purpose}\n${payload}`).digest();

  const sign = (purpose: Purpose, parts: (string | number)[]): string => {
    const payload = Buffer.from(JSON.stringify(parts)).toString('base64url');
    return `${payload}.${mac(purpose, payload).subarray(0, macBytes).toString('base64url')}`;
  };

  const read = (purpose: Purpose, token: string): unknown[] | undefined => {
    const [payload, given, ...rest] = token.length <= longestToken ? token.split('.') : [];
    if (!payload || !given || rest.length > 0) return undefined;
    const proof = Buffer.from(given, 'base64url');
    const expected = mac(purpose, payload).subarray(0, macBytes);
    if (proof.length !== macBytes || !timingSafeEqual(proof, expected)) return undefined;
    const parts: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return Array.isArray(parts) ? parts : undefined;
  };

  return {
    click: ({ sendId, position }) => sign('click', [sendId, position]),
    unsubscribe: ({ personId, topic, sendId }) => sign('unsubscribe', [personId, topic, sendId]),
    open: (sendId) => sign('open', [sendId]),
    readClick(token) {
      const parts = read('click', token);
      return parts && { sendId: String(parts[0]), position: Number(parts[1]) };
    },
    readUnsubscribe(token) {
      const parts = read('unsubscribe', token);
      return parts && { personId: String(parts[0]), topic: String(parts[1]), sendId: String(parts[2]) };
    },
    readOpen(token) {
      const parts = read('open', token);
      return parts && String(parts[0]);
    },
    sendId: (stepKey) => `snd_${mac('send', stepKey).subarray(0, macBytes).toString('hex')}`,
    addressHash: (address) => mac('address', normaliseAddress(address)).toString('base64url'),
  };
}

/** One mailbox, one spelling; local parts are compared without case, as every mail server that matters does. */
export function normaliseAddress(address: string): string {
  return address.trim().normalize('NFC').toLowerCase();
}
