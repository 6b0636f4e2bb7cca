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

/** @param handingOver whether the message's first byte had been taken for the wire when it failed */
export function readFailure(failure: SmtpFailure, handingOver: boolean): Exclude<EmailAnswer, { kind: 'accepted' }> {
  const { command = '', responseCode, response = '' } = failure;
  const why = failure.message.slice(0, 500);
  const aboutMessage = command === 'MAIL FROM' || command === 'RCPT TO' || command === 'DATA';
  if (aboutMessage && responseCode !== undefined) {
    return responseCode >= 500 && !aboutUs.has(responseCode)
      ? { kind: 'refused', why, noSuchMailbox: command !== 'MAIL FROM' && noSuchMailbox.test(response) }
      : { kind: 'not_sent', why };
  }
  if (handingOver) return { kind: 'unknown', why };
  // Too large for the server, or an address that can't be written in SMTP: the same the next time.
  const refusedHere = failure.code === 'EENVELOPE' || failure.code === 'EMESSAGE';
  return refusedHere ? { kind: 'refused', why, noSuchMailbox: false } : { kind: 'not_sent', why };
}
