/**
 * What a failed SMTP session says about the message. A server that has not been given the end of the message has not
 * taken it over (RFC 5321, 4.1.1.4 and 4.2.5); one that has, and has not answered, may have.
 */
import type { EmailAnswer } from './email-provider';

/** As nodemailer reports it. */
export interface SmtpFailure {
  message: string;
  code?: string;
  /** The command in question; `CONN` for the connection as such, `API` for what nodemailer itself refused. */
  command?: string;
  responseCode?: number;
  response?: string;
}

/** Refusals that are about us, not about the message: wrong credentials, no TLS, a session out of step. */
const aboutUs = new Set([503, 530, 534, 535, 538]);

/** No such mailbox, domain or mail service (RFC 3463, 7505); not 5.1.7 and 5.1.8, which are about the sender. */
const noSuchMailbox = /^5\d\d[ -]5\.1\.(1|2|3|6|10)\b/;

/** What went wrong on the way, by the code of Node or of nodemailer. */
const withoutAnswer: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection lost',
  EPIPE: 'connection lost',
  ECONNECTION: 'connection lost',
  ENOTFOUND: 'server not found',
  EAI_AGAIN: 'server not found',
  EDNS: 'server not found',
  EHOSTUNREACH: 'server not reached',
  ENETUNREACH: 'server not reached',
  ETIMEDOUT: 'no answer in time',
  EAUTH: 'login refused',
  ETLS: 'no encryption',
  EENVELOPE: 'address not writable in SMTP',
  EMESSAGE: 'message not accepted',
};

/** The failure without the server's words, which name whom the message was for: `refused 550 5.1.1`. */
function codeOf({ message, code = '', responseCode, response = '' }: SmtpFailure): string {
  // A server that has no TLS says so in many ways.
  if (responseCode !== undefined && code !== 'ETLS') {
    const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
    return [responseCode >= 500 ? 'refused' : 'put off', responseCode, enhanced].filter(Boolean).join(' ');
  }
  // nodemailer puts a code of its own in place of the socket's, which its words still have.
  const socket = /\bE[A-Z_]{3,}\b/.exec(message)?.[0] ?? '';
  return withoutAnswer[socket] ?? withoutAnswer[code] ?? 'connection failed';
}

/** @param handingOver whether the message's first byte had been taken for the wire when it failed */
export function readFailure(failure: SmtpFailure, handingOver: boolean): Exclude<EmailAnswer, { kind: 'accepted' }> {
  const { command = '', responseCode, response = '' } = failure;
  const why = failure.message.slice(0, 500);
  const code = codeOf(failure);
  const aboutMessage = command === 'MAIL FROM' || command === 'RCPT TO' || command === 'DATA';
  if (aboutMessage && responseCode !== undefined) {
    return responseCode >= 500 && !aboutUs.has(responseCode)
      ? { kind: 'refused', code, why, noSuchMailbox: command !== 'MAIL FROM' && noSuchMailbox.test(response) }
      : { kind: 'not_sent', code, why };
  }
  if (handingOver) return { kind: 'unknown', code, why };
  // Too large for the server, or an address that can't be written in SMTP: the same the next time.
  const refusedHere = failure.code === 'EENVELOPE' || failure.code === 'EMESSAGE';
  return refusedHere ? { kind: 'refused', code, why, noSuchMailbox: false } : { kind: 'not_sent', code, why };
}
