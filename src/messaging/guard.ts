/**
 * The guard: decides and claims in one transaction, so that "never after" (P5) and "once" (P6) hold. The order is the
 * promise: lock the person in a statement of its own, and only then, in further ones, take a number and read what there is
 * to know.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock';
import { withPeopleLocked, type Db, type Tx } from '../db';
import type { Carried, SendOutcome, SendRequest } from '../journey';
import { readFacts, readSuppression, type Asked, type GuardFacts } from './guard-facts';
import { judge, type SendLimits } from './guard-rules';
import {
  closeLapsedLeases,
  settledOutcome,
  writeAttempt,
  writeVerdict,
  type LedgerRow,
  type SendIdentity,
} from './ledger';
import type { CompiledMessage } from './load-messages';
import type { Signer } from './tokens';

/** Wall time that an attempt may take, from its claim on. */
export const attemptLimitMs = 30_000;
/** How much longer its lease lasts: for the receipt, and for clocks that do not run alike. */
export const leaseMarginMs = 5_000;
/** Attempts that may end without an answer before even a message that is sent again is left alone. */
const uncertainAttemptsAtMost = 3;

export interface GuardDeps {
  db: Db;
  clock: Clock;
  signer: Signer;
  limits: SendLimits;
  /** Who carries the mail. */
  provider: string;
}

export interface GuardQuestion {
  carried: Carried;
  request: SendRequest;
  sendId: string;
  message: Pick<CompiledMessage, 'definition' | 'topic'>;
  /** What would go out; or why nothing can; or nothing, when there was nobody to render it for. */
  content: { subject: string; links: string[] } | { error: string } | undefined;
  /** Where it would go, by what was known when it was rendered. */
  address?: string;
  /** An operator wants an uncertain send attempted again. */
  resend?: boolean;
  /** Joins the transaction when an attempt is claimed. */
  also?: (tx: Tx) => Promise<void>;
}

export interface Claim {
  kind: 'claimed';
  sendId: string;
  attempt: number;
  token: string;
  to: { address: string; name?: string };
  /** Whether an earlier attempt may have gone out. */
  uncertainAttempts: number;
  /** By `performance.now()`: nothing is attempted after it. */
  until: number;
}

export type GuardAnswer =
  | Claim
  | { kind: 'settled'; outcome: SendOutcome }
  /** Events of the person are undecided: decide them first, then ask again. */
  | { kind: 'pending' }
  /** What was rendered is not what is to be sent: render, then ask again. */
  | { kind: 'render' }
  /** Somebody else may be sending it. */
  | { kind: 'leased'; leftMs: number };

export async function guard(deps: GuardDeps, question: GuardQuestion): Promise<GuardAnswer> {
  const { personId } = question.carried.run;
  return withPeopleLocked(deps.db, [personId], async (tx, people) => {
    const person = people.get(personId);
    if (!person) return skippedWithoutRow(question.sendId);
    return decide(tx, deps, { ...question, personId: person.id });
  });
}

type Locked = GuardQuestion & { personId: string };

async function decide(tx: Tx, deps: GuardDeps, asked: Locked): Promise<GuardAnswer> {
  const now = deps.clock.now();
  const { addressHash } = deps.signer;
  const hash = asked.address === undefined ? undefined : addressHash(asked.address);
  const facts = await readCurrentFacts(tx, { ...asked, addressHash: hash, now, limits: deps.limits });
  if (facts.pending) return { kind: 'pending' };
  const { row, input } = facts;
  const answered = row && answerOf(row, asked);
  if (answered) return answered;

  const id = row?.id ?? asked.sendId;
  const to = input.person?.address;
  if (input.person && to !== undefined) {
    // The person may have another address by now.
    const isAsked = to === asked.address;
    input.person.suppressed = isAsked ? facts.suppressed : await readSuppression(tx, addressHash(to));
  }
  const verdict = judge(input);
  const send = identify(asked, id);
  const change = { number: facts.number, at: new Date(now) };
  const uncertain = row?.state === 'uncertain';

  if (verdict.verdict === 'skip') {
    if (uncertain) return { kind: 'settled', outcome: { status: 'uncertain', id } };
    const { reason, why } = verdict;
    await writeVerdict(tx, send, { state: 'skipped', reason, why, ...change });
    return { kind: 'settled', outcome: { status: 'skipped', id, reason, why } };
  }
  if (verdict.verdict === 'hold') {
    const { reason, untilMs } = verdict;
    if (!uncertain) await writeVerdict(tx, send, { state: 'held', reason, ...change });
    return { kind: 'settled', outcome: { status: 'held', id, reason, untilMs } };
  }
  if (!asked.content || !facts.to) return { kind: 'render' };
  if ('error' in asked.content) {
    if (uncertain) return { kind: 'settled', outcome: { status: 'uncertain', id } };
    const reason = asked.content.error;
    await writeVerdict(tx, send, { state: 'failed', reason, ...change });
    return { kind: 'settled', outcome: { status: 'failed', id, reason } };
  }
  const token = randomUUID();
  const attempt = (row?.attempts ?? 0) + 1;
  // Before the lease begins, so that the attempt ends before the lease does, whatever happens to this process between.
  const until = performance.now() + attemptLimitMs;
  await writeAttempt(tx, send, {
    ...asked.content,
    ...change,
    attempt,
    token,
    address: facts.to.address,
    provider: deps.provider,
    leaseMs: attemptLimitMs + leaseMarginMs,
  });
  await asked.also?.(tx);
  return {
    kind: 'claimed',
    sendId: id,
    attempt,
    token,
    to: facts.to,
    until,
    uncertainAttempts: row?.uncertainAttempts ?? 0,
  };
}

/** As they are now: an attempt whose lease is over has become uncertain. */
async function readCurrentFacts(tx: Tx, asked: Asked): Promise<GuardFacts> {
  const facts = await readFacts(tx, asked);
  const { row } = facts;
  if (facts.pending || row?.state !== 'attempting' || row.leaseLeftMs > 0) return facts;
  await closeLapsedLeases(tx, new Date(asked.now), row.id);
  return readFacts(tx, asked);
}

/** What the row itself answers; undefined when the guard is to judge. */
function answerOf(row: LedgerRow, { message, resend, sendId }: Locked): GuardAnswer | undefined {
  const outcome = settledOutcome(row);
  if (outcome) return { kind: 'settled', outcome };
  if (row.state === 'attempting') return { kind: 'leased', leftMs: row.leaseLeftMs };
  if (row.state === 'uncertain' && !resend && !mayResend(message.definition.onUncertain, row.uncertainAttempts)) {
    return { kind: 'settled', outcome: { status: 'uncertain', id: row.id } };
  }
  // Links and Message-ID carry the id: made under another signing key, the row's own counts.
  return row.id === sendId ? undefined : { kind: 'render' };
}

/** Whether a send that ended without an answer is tried again without anybody asking. */
export function mayResend(policy: 'hold' | 'resend', uncertainAttempts: number): boolean {
  return policy === 'resend' && uncertainAttempts < uncertainAttemptsAtMost;
}

function identify({ request, carried, message, personId }: Locked, id: string): SendIdentity {
  return {
    id,
    stepKey: request.stepKey,
    runId: carried.run.id,
    personId,
    journey: carried.run.journey,
    step: request.step,
    message: request.message,
    channel: request.channel ?? 'email',
    topic: message.topic?.id,
    kind: message.definition.kind,
    props: request.props,
  };
}

/** Nothing about somebody who was erased is written down again. */
function skippedWithoutRow(id: string): GuardAnswer {
  return { kind: 'settled', outcome: { status: 'skipped', id, reason: 'erased' } };
}
