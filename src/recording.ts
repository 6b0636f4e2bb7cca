/** What verdicts, deliveries and sends leave in the metrics, the log and the traces: ids, names and reasons. */
import type { Clock } from './clock';
import { RetryLater } from './errors';
import type { Carried, SendOutcome, SendRequest } from './journey';
import type { EmailProvider, Sender } from './messaging';
import type { Logger, Metrics, Tracing } from './observe';
import type { Decided, Delivered, Verdict } from './routing';

interface Records {
  metrics: Metrics;
  log: Logger;
}

export function verdictRecorder({ metrics, log }: Records): (verdict: Verdict, about: Decided) => void {
  return (verdict, { event, person, run }) => {
    const { journey } = verdict;
    const reason = verdict.verdict === 'refused' ? verdict.reason : '';
    metrics.decisions.inc({ journey, verdict: verdict.verdict, reason });
    const ids = { run, person, journey, event };
    if (verdict.verdict === 'entered') {
      metrics.runsStarted.inc({ journey });
      log.info({ ...ids, holdout: verdict.holdout || undefined }, 'Run started');
    } else if (verdict.verdict === 'ended') {
      metrics.runsEnded.inc({ journey, outcome: verdict.outcome });
      log.info({ ...ids, outcome: verdict.outcome, reason: verdict.reason }, 'Run ended');
    } else if (verdict.verdict === 'deaf') {
      log.warn({ ...ids, reason: verdict.reason }, 'Run hears no more events');
    } else {
      log.debug({ ...ids, reason: reason || undefined }, verdict.verdict === 'heard' ? 'Run hears' : 'Run refused');
    }
  };
}

export function deliveryRecorder({ metrics, log, clock }: Records & { clock: Clock }): (told: Delivered) => void {
  return ({ kind, run, person, journey, waitedMs, acceptedAt }) => {
    metrics.deliveries.inc({ kind });
    metrics.deliveryWaitSeconds.observe({ kind }, Math.max(0, waitedMs) / 1_000);
    if (acceptedAt !== undefined) {
      metrics.lagSeconds.observe({ kind }, Math.max(0, clock.wallMs(clock.now() - acceptedAt)) / 1_000);
    }
    log.debug({ run, person, journey, waitedMs }, kind === 'start' ? 'Temporal was told to start' : 'Run was told');
  };
}

/** Times each attempt; with traces, as the call of a client. */
export function watchedProvider(provider: EmailProvider, metrics: Metrics, tracing: Tracing): EmailProvider {
  return {
    ...provider,
    send: (email, timeLimitMs) =>
      tracing.span('attempt', { kind: 'client', attributes: { 'sojourn.provider': provider.name } }, async (span) => {
        const started = performance.now();
        let result = 'failed';
        try {
          const answer = await provider.send(email, timeLimitMs);
          result = answer.kind;
          if (answer.kind !== 'accepted') span.fail(answer.kind);
          return answer;
        } finally {
          span.set({ 'sojourn.result': result });
          metrics.attemptSeconds.observe({ provider: provider.name, result }, (performance.now() - started) / 1_000);
        }
      }),
  };
}

export function watchedSender(sender: Sender, { metrics, log }: Records): Sender {
  const watched =
    <More extends unknown[]>(send: (...call: [Carried, SendRequest, ...More]) => Promise<SendOutcome>) =>
    async (...call: [Carried, SendRequest, ...More]): Promise<SendOutcome> => {
      const [carried, request] = call;
      try {
        const outcome = await send(...call);
        recordOutcome({ metrics, log }, carried, request, outcome);
        return outcome;
      } catch (error) {
        const { message } = request;
        metrics.sendRetries.inc({ message });
        const ids = idsOf(carried, request);
        if (error instanceof RetryLater) log.warn({ ...ids, reason: error.message }, 'Message is not sent yet');
        else log.error({ ...ids, err: error }, 'Message could not be sent; it is tried again');
        throw error;
      }
    };
  return { send: watched(sender.send), resend: watched(sender.resend) };
}

function recordOutcome({ metrics, log }: Records, carried: Carried, request: SendRequest, outcome: SendOutcome): void {
  const { status: state, id: send } = outcome;
  const reason = 'reason' in outcome ? outcome.reason : undefined;
  const { message, channel = 'email' } = request;
  // What failed says so in the words of a template or a server: too many for a label.
  const label = state === 'failed' ? '' : (reason ?? '');
  metrics.sends.inc({ journey: carried.run.journey, message, channel, state, reason: label });
  const level = state === 'failed' || state === 'uncertain' ? 'warn' : 'info';
  log[level]({ ...idsOf(carried, request), send, reason }, `Message ${state}`);
}

function idsOf({ run }: Carried, { message, step }: SendRequest): object {
  return { run: run.id, person: run.personId, journey: run.journey, message, step };
}
