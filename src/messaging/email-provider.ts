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

export type EmailAnswer =
  /** The provider has taken it over. */
  | { kind: 'accepted'; providerId?: string; response: string }
  /** Certainly not taken over, and another try may do. */
  | { kind: 'not_sent'; why: string }
  /** Certainly not taken over, now and later. */
  | { kind: 'refused'; why: string; noSuchMailbox: boolean }
  /** It was handed over, and no answer came. */
  | { kind: 'unknown'; why: string };

export interface EmailProvider {
  name: string;
  /** Answers within `timeLimitMs`, or has let go of the connection by then. */
  send(email: OutgoingEmail, timeLimitMs: number): Promise<EmailAnswer>;
}
