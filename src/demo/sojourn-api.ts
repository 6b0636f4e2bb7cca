/**
 * Sojourn's HTTP API as the shop's back end and its simulated shoppers use it: with the server key to report, with the
 * secret key to read.
 */
import { z } from 'zod';
import { SojournError } from '../errors';

/** The API refused, or did not answer. `status` is 0 without an answer. */
export class ApiRefused extends SojournError {
  readonly code = 'api_refused';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const mailSummary = z.object({
  id: z.number(),
  at: z.number(),
  stackAt: z.string(),
  subject: z.string(),
  messageId: z.string(),
});
const mail = mailSummary.extend({ headers: z.record(z.string(), z.string()), html: z.string() });
const run = z.object({
  id: z.string(),
  journey: z.string(),
  state: z.enum(['live', 'ended']),
  outcome: z.string().nullable(),
  reason: z.string().nullable(),
  temporal: z.string().nullable(),
  waiting: z.object({ step: z.string(), until: z.string().nullable() }).nullable(),
});
const item = z.looseObject({ at: z.string(), kind: z.string() });

export type MailSummary = z.output<typeof mailSummary>;
export type Mail = z.output<typeof mail>;
export type Run = z.output<typeof run>;
export type TimelineItem = z.output<typeof item>;

export interface Call {
  userId?: string;
  anonymousId?: string;
  event?: string;
  name?: string;
  properties?: Record<string, unknown>;
  traits?: Record<string, unknown>;
}

export interface SojournApi {
  report(type: 'identify' | 'track' | 'page', call: Call): Promise<void>;
  isKnown(userId: string): Promise<boolean>;
  /** Newest first. */
  timeline(userId: string): Promise<TimelineItem[]>;
  /** Newest first. */
  runs(userId: string): Promise<Run[]>;
  /** Newest first. */
  mails(address: string, limit: number): Promise<Mail[]>;
  /** The same without what is in them. */
  mailSummaries(address: string, limit: number): Promise<MailSummary[]>;
}

export interface ApiOptions {
  url: string;
  writeKey: string;
  secretKey: string;
}

const answerWithinMs = 10_000;

export function createSojournApi({ url, writeKey, secretKey }: ApiOptions): SojournApi {
  async function ask(path: string, key: string, body?: unknown): Promise<unknown> {
    const response = await fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(answerWithinMs),
    }).catch((error: unknown) => {
      throw new ApiRefused(0, `The API does not answer: ${error instanceof Error ? error.message : String(error)}`);
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    const { detail } = z.object({ detail: z.string() }).safeParse(answer).data ?? { detail: 'without saying why' };
    throw new ApiRefused(response.status, `${path} was answered with ${response.status}: ${detail}`);
  }

  const inboxOf = (address: string, limit: number) => `/v1/inbox?limit=${limit}&to=${encodeURIComponent(address)}`;
  const person = (userId: string) => `/v1/people/${encodeURIComponent(userId)}`;
  return {
    async report(type, call) {
      await ask(`/v1/${type}`, writeKey, call);
    },
    isKnown: (userId) =>
      ask(person(userId), secretKey).then(
        () => true,
        (error: unknown) => {
          if (error instanceof ApiRefused && error.status === 404) return false;
          throw error;
        },
      ),
    async timeline(userId) {
      const answer = await ask(`${person(userId)}/timeline?limit=200`, secretKey);
      return z.object({ items: z.array(item) }).parse(answer).items;
    },
    async runs(userId) {
      const answer = await ask(`/v1/runs?limit=50&person=${encodeURIComponent(userId)}`, secretKey);
      return z.object({ runs: z.array(run) }).parse(answer).runs;
    },
    async mails(address, limit) {
      return z.object({ mails: z.array(mail) }).parse(await ask(inboxOf(address, limit), secretKey)).mails;
    },
    async mailSummaries(address, limit) {
      const answer = await ask(`${inboxOf(address, limit)}&fields=summary`, secretKey);
      return z.object({ mails: z.array(mailSummary) }).parse(answer).mails;
    },
  };
}
