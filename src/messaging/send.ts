/**
 * Sends a message for a step of a run, once: prepare, guard and claim, hand to the provider, write the receipt. Asked
 * again for the same step, by a retry, a reset or a second worker, it answers the same and sends nothing more.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock';
import type { Db, Tx } from '../db';
import { RetryLater } from '../errors';
import type { Carried, SendOutcome, SendRequest } from '../journey';
import { noTracing, type Tracing } from '../observe';
import type { EmailAnswer, EmailProvider } from './email-provider';
import { PermanentSendError } from './errors';
import { mailAddress, withoutAddresses } from './address';
import { readBackground, type Background } from './background';
import { attemptLimitMs, guard, leaseMarginMs, mayResend, type Claim, type GuardAnswer } from './guard';
import { defaultLimits, type SendLimits } from './guard-rules';
import { endAttempt, readLedger, settledOutcome, type AttemptEnd } from './ledger';
import type { CompiledMessage } from './load-messages';
import { prepare, type Prepared, type PrepareDeps } from './prepare';
import { readSender, senderName } from './sender-address';
import { suppress } from './suppressions';
import type { Signer } from './tokens';
import type { Topic } from './topics';
import { unknownMessage } from './unknown-message';

export interface SenderOptions {
  db: Db;
  clock: Clock;
  messages: Map<string, CompiledMessage>;
  /** The topic that a journey's header names. */
  topicOf?: (journey: string) => Topic | undefined;
  email: EmailProvider;
  /** Decides the person's pending events. */
  settle: (personId: string) => Promise<unknown>;
  ask: PrepareDeps['ask'];
  signer: Signer;
  /** Without a slash at the end. */
  publicUrl: string;
  /** `Shop <hello@shop.example>` */
  from: string;
  limits?: SendLimits;
  log: { warn(details: object, text: string): void };
  /** Called with each answer of the guard, and how long it took. */
  onGuard?: (answer: GuardAnswer['kind'], ms: number) => void;
  /** Called for each receipt: whether it still counted. */
  onReceipt?: (counted: boolean) => void;
  tracing?: Tracing;
}

export interface Sender {
  /**
   * Answers what the send came to. Throws `RetryLater` when it is certainly not sent yet, or may be on its way by
   * somebody else; the caller asks again with the same step key. `background` is what the caller has just read of it.
   */
  send(carried: Carried, request: SendRequest, background?: Background): Promise<SendOutcome>;
  /**
   * The same, for a send that ended uncertain and that an operator wants attempted once more. `also` joins the
   * transaction that claims it.
   */
  resend(carried: Carried, request: SendRequest, also?: (tx: Tx) => Promise<void>): Promise<SendOutcome>;
}

/** How often events may come in between before the send waits for a quieter moment. */
const roundsAtMost = 10;
/** How long a receipt is tried to be written while the store is away. */
const receiptEveryMs = 500;
/** After another's lease is over, a little. */
const afterLeaseMs = 200;

export function createSender(options: SenderOptions): Sender {
  const { db, clock, email, signer, log, tracing = noTracing } = options;
  const from = readSender(options.from);
  const limits = options.limits ?? defaultLimits;
  const publicUrl = options.publicUrl.replace(/\/+$/, '');
  const preparing: PrepareDeps = { ...options, publicUrl, senderName: senderName(from) };
  const guarding = { db, clock, signer, limits, provider: email.name };

  async function run(
    carried: Carried,
    request: SendRequest,
    { background, ...operating }: { background?: Background; resend?: boolean; also?: (tx: Tx) => Promise<void> },
  ): Promise<SendOutcome> {
    const found = options.messages.get(request.message) ?? unknownMessage(request.message);
    // A message without a topic of its own is about what its journey is about.
    const message = { ...found, topic: found.topic ?? options.topicOf?.(carried.run.journey) };
    for (let round = 0; round < roundsAtMost; round++) {
      // What was known before is no longer, once something has made the guard ask again.
      const known = round === 0 ? background : undefined;
      const { row, recipient } = known ?? (await readBackground(db, carried, request));
      const settled = row && settledOutcome(row);
      if (settled) return settled;
      const sendId = row?.id ?? signer.sendId(request.stepKey);
      const content = await prepareOrFail({ recipient, request, sendId, message });
      const started = performance.now();
      const answer = await tracing.span('guard', { attributes: { 'sojourn.send': sendId } }, async (span) => {
        const address = mailAddress(recipient?.person.traits.email);
        const given = await guard(guarding, { carried, request, sendId, message, content, address, ...operating });
        span.set({ 'sojourn.answer': given.kind === 'settled' ? given.outcome.status : given.kind });
        return given;
      });
      options.onGuard?.(answer.kind, performance.now() - started);
      if (answer.kind === 'claimed') {
        // The guard claims only what can go out.
        return attempt(answer, content as Prepared, message, request);
      }
      if (answer.kind === 'pending') await options.settle(carried.run.personId);
      else if (answer.kind !== 'render') return conclude(answer);
    }
    throw new RetryLater(`events of this person keep coming; ${request.step} waits for them to be decided`);
  }

  async function prepareOrFail(what: Parameters<typeof prepare>[1]): Promise<Prepared | { error: string } | undefined> {
    const { channel } = what.request;
    if (channel !== undefined && channel !== 'email') return { error: `there is no channel '${channel}'` };
    try {
      return await prepare(preparing, what);
    } catch (error) {
      if (error instanceof PermanentSendError) return { error: withoutAddresses(error.message) };
      throw error;
    }
  }

  async function attempt(
    claim: Claim,
    content: Prepared,
    message: CompiledMessage,
    request: SendRequest,
  ): Promise<SendOutcome> {
    const { sendId, to } = claim;
    const mail = { ...content, from, to, messageId: `<${sendId}@${from.address.split('@')[1]}>` };
    const leftMs = claim.until - performance.now();
    const answer: EmailAnswer =
      leftMs < attemptLimitMs / 2
        ? { kind: 'not_sent', code: 'store too slow', why: 'the store took too long to answer' }
        : await email.send(mail, leftMs).catch((error: unknown) => {
            // A provider's bug says nothing about whether the message is out.
            log.warn({ err: error, sendId }, 'the e-mail provider failed');
            return { kind: 'unknown', code: 'provider failed', why: String(error).slice(0, 500) } as const;
          });
    const end = endOf(claim, answer, new Date(clock.now()));
    const counted = await writeReceipt(end, claim);
    options.onReceipt?.(counted);
    if (!counted) return afterFence(request);
    if (answer.kind === 'refused' && answer.noSuchMailbox) {
      await suppress(db, signer, { address: to.address, reason: 'no_such_mailbox', at: new Date(clock.now()) });
    }
    if (end.state === 'claimed') throw new RetryLater(`${request.message} is not sent yet: ${end.reason}`);
    return outcomeOf(end, claim, message, request);
  }

  /** Tries until the lease is over: a receipt that gets lost makes a send uncertain. */
  async function writeReceipt(end: AttemptEnd, claim: Claim): Promise<boolean> {
    for (;;) {
      try {
        return await endAttempt(db, end);
      } catch (error) {
        if (performance.now() > claim.until + leaseMarginMs) {
          throw new RetryLater(`the receipt of ${end.sendId} could not be written in time`);
        }
        log.warn({ err: error, sendId: end.sendId }, 'a receipt could not be written yet');
        await sleep(receiptEveryMs);
      }
    }
  }

  /** The lease was lost while the provider took its time: what counts is what the ledger says by now. */
  async function afterFence(request: SendRequest): Promise<SendOutcome> {
    const row = await readLedger(db, request);
    const settled = row && settledOutcome(row);
    if (settled) return settled;
    throw new RetryLater(`${request.message} is being sent by somebody else`);
  }

  function outcomeOf(end: AttemptEnd, claim: Claim, message: CompiledMessage, request: SendRequest): SendOutcome {
    const id = end.sendId;
    if (end.state === 'sent') return { status: 'sent', id };
    if (end.state === 'failed') return { status: 'failed', id, reason: end.reason ?? 'refused' };
    // Refused for good: another attempt would not change that, nor what is unknown of an earlier one.
    if (end.outcome === 'refused') return { status: 'uncertain', id };
    const uncertain = claim.uncertainAttempts + (end.outcome === 'uncertain' ? 1 : 0);
    if (!mayResend(message.definition.onUncertain, uncertain)) return { status: 'uncertain', id };
    throw new RetryLater(`nobody knows whether ${request.message} was sent; it will be sent again: ${end.reason}`);
  }

  return {
    send: (carried, request, background) => run(carried, request, { background }),
    resend: (carried, request, also) => run(carried, request, { resend: true, also }),
  };
}

function conclude(answer: Extract<GuardAnswer, { kind: 'settled' | 'leased' }>): SendOutcome {
  if (answer.kind === 'settled') return answer.outcome;
  throw new RetryLater('another worker may be sending it', Math.ceil(answer.leftMs) + afterLeaseMs);
}

/**
 * What the provider's answer makes of the attempt and of the send. That this attempt is certainly not out says nothing
 * of an earlier one that may be.
 */
function endOf({ sendId, attempt, token, uncertainAttempts }: Claim, answer: EmailAnswer, at: Date): AttemptEnd {
  const end = { sendId, attempt, token, at };
  const mayBeOut = uncertainAttempts > 0;
  switch (answer.kind) {
    case 'accepted':
      return { ...end, state: 'sent', outcome: 'accepted', response: answer.response, providerId: answer.providerId };
    case 'refused':
      return {
        ...end,
        state: mayBeOut ? 'uncertain' : 'failed',
        outcome: 'refused',
        reason: answer.code,
        error: answer.why,
      };
    case 'not_sent':
      return {
        ...end,
        state: mayBeOut ? 'uncertain' : 'claimed',
        outcome: 'not_sent',
        reason: answer.code,
        error: answer.why,
      };
    case 'unknown':
      return { ...end, state: 'uncertain', outcome: 'uncertain', reason: answer.code, error: answer.why };
  }
}
