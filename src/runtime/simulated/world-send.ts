/** Sending in a `World`: the guard's own rules over what the world knows, and a ledger with one row a step. */
import { defaultLimits, judge, mailAddress, type GuardInput, type Message, type Verdict } from '../../messaging';
import type { SendOutcome, SendRequest } from '../../journey';
import type { RunRow, Send } from './records';
import type { World } from './world';

export function sendIn(world: World, run: RunRow, request: SendRequest): SendOutcome {
  const known = world.sends.find((send) => send.stepKey === request.stepKey);
  if (known && known.state !== 'held') return outcomeOf(known);
  const send: Send = known ?? {
    id: `s${world.sends.length + 1}`,
    stepKey: request.stepKey,
    run: run.id,
    personId: run.personId,
    message: request.message,
    channel: request.channel ?? 'email',
    props: request.props,
    marketing: true,
    state: 'held',
    at: world.now(),
  };
  if (!known) world.sends.push(send);

  const message = world.options.content.messages[request.message];
  const wrong = wrongWith(message, request);
  if (!message || wrong !== undefined) return outcomeOf(settle(world, send, { state: 'failed', reason: wrong }));
  send.marketing = message.kind === 'marketing';
  const verdict = judge(guardInput(world, run, send, message));
  if (verdict.verdict === 'hold') {
    settle(world, send, { state: 'held', reason: verdict.reason });
    return { status: 'held', id: send.id, reason: verdict.reason, untilMs: verdict.untilMs };
  }
  return outcomeOf(settle(world, send, attempt(world, send, verdict)));
}

type Settled = Pick<Send, 'state' | 'reason' | 'why'>;

function settle(world: World, send: Send, settled: Settled): Send {
  return Object.assign(send, { reason: undefined, why: undefined }, settled, { at: world.now() });
}

function attempt(world: World, send: Send, verdict: Exclude<Verdict, { verdict: 'hold' }>): Settled {
  if (verdict.verdict === 'skip') return { state: 'skipped', reason: verdict.reason, why: verdict.why };
  switch (world.switches.get(send.message)) {
    case 'refused':
      return { state: 'failed', reason: 'the provider refused it' };
    case 'uncertain':
      return { state: 'uncertain' };
    default:
      return { state: 'sent' };
  }
}

function wrongWith(message: Message | undefined, { message: id, props, channel }: SendRequest): string | undefined {
  if (!message) return `there is no message '${id}'`;
  if (channel !== undefined && channel !== 'email') return `there is no channel '${channel}'`;
  const parsed = message.props.safeParse(props);
  const issue = parsed.success ? undefined : parsed.error.issues[0];
  return issue && `its props don't fit: ${issue.path.join('.')}: ${issue.message}`;
}

function guardInput(world: World, run: RunRow, send: Send, message: Message): GuardInput {
  const { content } = world.options;
  const person = world.people.get(run.personId);
  const now = world.now();
  const others = world.sends.filter(
    (one) => one !== send && one.personId === run.personId && (one.state === 'sent' || one.state === 'uncertain'),
  );
  const lastOfMessageAt = others.findLast((one) => one.message === send.message)?.at;
  return {
    now,
    run: {
      live: run.ending === undefined,
      outcome: run.ending?.outcome,
      holdout: run.holdout,
      // What an operator has set goes before the header that the run started with.
      mode: world.modes.get(run.journey) ?? run.header.mode,
    },
    message: {
      kind: message.kind,
      topic: content.topics.find((topic) => topic.id === (message.topic ?? run.header.topic)),
      capped: message.capped,
      cooldownMs: message.cooldownMs,
      priority: run.header.priority === 'high' ? 'high' : message.priority,
      paused: world.switches.get(send.message) === 'paused',
    },
    person:
      person && !person.erased
        ? {
            address: mailAddress(person.traits['email']),
            suppressed: person.suppressed,
            choices: person.choices,
          }
        : undefined,
    history: {
      marketingInWindow: others.filter((one) => one.marketing && one.at > now - defaultLimits.windowMs).length,
      lastOfMessageAt,
    },
    limits: defaultLimits,
  };
}

function outcomeOf({ id, state, reason, why }: Send): SendOutcome {
  switch (state) {
    case 'skipped':
      // A skipped send's reason is the guard's.
      return { status: 'skipped', id, reason: reason as Extract<SendOutcome, { status: 'skipped' }>['reason'], why };
    case 'failed':
      return { status: 'failed', id, reason: reason ?? 'failed' };
    case 'held':
      return { status: 'held', id, reason: reason ?? 'held' };
    default:
      return { status: state, id };
  }
}
