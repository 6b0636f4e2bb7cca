/** Sending in a `World`: the guard's own rules over what the world knows, and a ledger with one row a step. */
import {
  defaultLimits,
  judge,
  mailAddress,
  noSuchMessage,
  unknownMessage,
  wrongProps,
  type GuardInput,
  type Message,
  type Verdict,
} from '../../messaging';
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

  const found = world.options.content.messages[request.message];
  const message = found ?? unknownMessage(request.message).definition;
  send.marketing = message.kind === 'marketing';
  const verdict = judge(guardInput(world, run, send, message));
  if (verdict.verdict === 'hold') {
    settle(world, send, { state: 'held', reason: verdict.reason });
    return { status: 'held', id: send.id, reason: verdict.reason, untilMs: verdict.untilMs };
  }
  // Only what may go can fail: the guard is asked first.
  const settled = verdict.verdict === 'skip' ? skipped(verdict) : attempt(world, send, wrongWith(found, request));
  return outcomeOf(settle(world, send, settled));
}

type Settled = Pick<Send, 'state' | 'reason' | 'why'>;

function settle(world: World, send: Send, settled: Settled): Send {
  return Object.assign(send, { reason: undefined, why: undefined }, settled, { at: world.now() });
}

function skipped({ reason, why }: Extract<Verdict, { verdict: 'skip' }>): Settled {
  return { state: 'skipped', reason, why };
}

function attempt(world: World, send: Send, wrong: string | undefined): Settled {
  if (wrong !== undefined) return { state: 'failed', reason: wrong };
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
  if (channel !== undefined && channel !== 'email') return `there is no channel '${channel}'`;
  if (!message) return noSuchMessage(id);
  const { error } = message.props.safeParse(props);
  return error && wrongProps(id, error);
}

function guardInput(world: World, run: RunRow, send: Send, message: Message): GuardInput {
  const { content } = world.options;
  const person = world.people.get(run.personId);
  const now = world.now();
  const others = world.sends.filter(
    (one) => one !== send && one.personId === run.personId && (one.state === 'sent' || one.state === 'uncertain'),
  );
  // One that was held may have gone after those that were asked for later.
  const timesOfMessage = others.filter((one) => one.message === send.message).map(({ at }) => at);
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
      lastOfMessageAt: timesOfMessage.length > 0 ? Math.max(...timesOfMessage) : undefined,
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
