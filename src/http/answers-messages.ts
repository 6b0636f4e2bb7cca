/** Messages and the inbox, as the pages read them. See answers.ts. */
import type { ChangeMark, Keyed, SendState } from './answers';

// GET /v1/messages?person=&journey=&state=&limit=&before=, GET /v1/messages/:id ---------------------------------------

export interface MessageSummary {
  id: string;
  message: string;
  channel: string;
  topic: string | null;
  kind: string;
  state: SendState;
  reason: string | null;
  journey: string;
  step: string;
  runId: string;
  person: string;
  address: string | null;
  subject: string | null;
  attempts: number;
  provider: string | null;
  providerId: string | null;
  createdAt: string;
  attemptedAt: string | null;
  settledAt: string | null;
}

export interface MessagesAnswer {
  at: string;
  messages: MessageSummary[];
  next: string | null;
}

/** GET /v1/messages/:id, and POST /v1/messages/:id/settle `{ verdict: 'sent' | 'failed' | 'resend' }`. */
export interface MessageAnswer extends MessageSummary {
  at: string;
  /** Of its run. */
  keyed: Keyed | null;
  stepKey: string;
  props: Record<string, unknown>;
  receipt: Record<string, unknown> | null;
  tries: { attempt: number; number: string; claimedAt: string; outcome: string | null; error: string | null }[];
  links: string[];
  /** Who said what became of it when that was uncertain; `to` is the verdict. Null where nobody did. */
  settled: ChangeMark | null;
  /** Who paused or resumed this message, for everybody, the last time. Null where nobody did. */
  switched: ChangeMark | null;
  /** Of its run, in Temporal's UI. */
  temporal: string | null;
}

/** GET /v1/messages/:id/preview; the same as HTML in `/v1/messages/:id/html`, for a sandboxed frame. 404 says why not. */
export interface PreviewAnswer {
  subject: string;
  text: string;
  from: string;
  to: string | null;
  /** That it is rendered anew, and from what. */
  note: string;
}

/** GET /v1/templates/paused; POST /v1/templates/:message/pause and resume. */
export interface PausedTemplatesAnswer {
  paused: string[];
  /** Every message there is, by id, in the order of the alphabet. Empty where that is not known. */
  messages: string[];
  /** Of each that was ever paused: who paused or resumed it the last time. */
  changes: Record<string, ChangeMark>;
}
export interface TemplateAnswer {
  id: string;
  paused: boolean;
}

// GET /v1/inbox?to=&limit=&fields=, GET /v1/inbox/:id; HTML in /inbox/:id/html ----------------------------------------

export interface MailSummary {
  id: number;
  /** Wall's milliseconds. */
  at: number;
  /** The stack's time then. */
  stackAt: string;
  from: string;
  to: string[];
  subject: string;
  messageId: string;
}

export interface MailItem extends MailSummary {
  headers: Record<string, string>;
  text: string;
  /** Empty for a mail without. */
  html: string;
}

export interface InboxAnswer {
  at: string;
  /** Newest first. */
  mails: MailItem[];
}

/** With `fields=summary`. */
export interface InboxSummaryAnswer {
  at: string;
  /** Newest first. */
  mails: MailSummary[];
}

export type MailAnswer = MailItem;
