/** What the shop's back end answers its pages with, as JSON. Types only. */

export interface Visitor {
  userId: string;
  name: string;
  email: string;
  /** Lets the browser's key report for this user. */
  signature: string;
}

/** `GET /shop/api/session`, and the answer to signing up and out. */
export interface SessionAnswer {
  /** The public key that this browser reports events with. */
  writeKey: string;
  /** Where the shop is for who reads a mail. */
  publicUrl: string;
  timeScale: number;
  /** Mails leave through a real server, to whichever address is given. */
  realMail: boolean;
  visitor: Visitor | null;
  /** Somebody who has no account yet, to sign up as; nobody with a real mail server. */
  suggestion: { name: string; email: string } | null;
  /** With the answer to signing up: the e-mail address was known already. */
  returning?: boolean;
}

export interface MailLine {
  id: number;
  subject: string;
  /** Wall milliseconds. */
  at: number;
  /** The stack's time then, as the pages tell it. */
  stackAt: string;
}

/** What has become of the reminder, which `cart-abandonment` sends. */
export type Reminder =
  /** Nothing has been put into a cart. */
  | { state: 'none' }
  /** The journey did not begin, and why. */
  | { state: 'refused'; reason: string }
  /** `dueInMs` (of the wall's clock) is unknown until the run has chosen how long it waits. */
  | { state: 'waiting'; dueInMs: number | null; patience: string | null }
  /** The wait is over, and the mail on its way. */
  | { state: 'sending' }
  | { state: 'sent'; mail: MailLine | null }
  /** It will not come: bought, logged out, unsubscribed, too many messages … */
  | { state: 'not_sent'; reason: string };

/** One line of the journey's file, and what the visitor's run has done there. */
export interface CodeLine {
  text: string;
  mark: {
    /** `stopped`: it did not begin, or ended, by this line. */
    state: 'done' | 'now' | 'stopped';
    says: string;
    /** Of the wall's clock, until a wait is over at the latest; null where there is none or it is unknown. */
    dueInMs: number | null;
  } | null;
}

/** `GET /shop/api/progress` */
export interface ProgressAnswer {
  /** Whoever is signed in, or else signed out last. */
  visitor: Pick<Visitor, 'userId' | 'name' | 'email'> | null;
  signedOut: boolean;
  cart: { value: number; count: number; currency: string } | null;
  reminder: Reminder;
  /** The newest run of `cart-abandonment`, in Temporal's own UI. */
  temporalRun: string | null;
  /** The file of that journey, with the run in it; null where the project has no such journey. */
  code: { file: string; lines: CodeLine[] } | null;
  /** All mails to the visitor, newest first; unknown with a real mail server. */
  mails: MailLine[] | null;
  shoppers: boolean;
}
