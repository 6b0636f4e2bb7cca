/** What the sender needs of whatever carries mail. Every outcome is a value; a provider throws only on a bug. */

export interface Mailbox {
  name?: string;
  address: string;
}

export interface OutgoingEmail {
  /** With angle brackets; the same for every attempt of a send. */
  messageId: string;
  from: Mailbox;
  to: Mailbox;
  subject: string;
  html: string;
  text: string;
  headers: Record<string, string>;
}

/**
 * `code` is what happened in a few words without a name or an address: it goes into runs' histories, which are kept for
 * longer than people are. `why` may quote the server, and stays in the ledger.
 */
export type EmailAnswer =
  /** The provider has taken it over. */
  | { kind: 'accepted'; providerId?: string; response: string }
  /** Certainly not taken over, and another try may do. */
  | { kind: 'not_sent'; code: string; why: string }
  /** Certainly not taken over, now and later. */
  | { kind: 'refused'; code: string; why: string; noSuchMailbox: boolean }
  /** It was handed over, and no answer came. */
  | { kind: 'unknown'; code: string; why: string };

export interface EmailProvider {
  name: string;
  /** Answers within `timeLimitMs`, or has let go of the connection by then. */
  send(email: OutgoingEmail, timeLimitMs: number): Promise<EmailAnswer>;
  /** Lets go of what it keeps for the next message, if it does. */
  close?(): void;
}
