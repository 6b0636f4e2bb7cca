/**
 * What Temporal's own clients say to journeys goes through accept like everything else: a signal becomes an event, a
 * plain start asks for the journey with facts, and the entry rules decide.
 */
import { sql } from 'kysely';
import {
  findUnstorable,
  isReservedName,
  maxIdLength,
  onStackClock,
  ownMessageId,
  planName,
  senderPath,
  toPlanProperties,
  type Accept,
  type Plan,
} from '../../events';
import type { Clock } from '../../clock';
import type { Db } from '../../db';
import { requestedEvent, type StartArgs } from '../../journey';
import { startArgs } from '../../runs';
import type { Decider } from '../../routing';
import { namedBy, plainStart, readOutside, signalled } from './external-shapes';

export interface ExternalParts {
  db: Db;
  clock: Clock;
  accept: Accept;
  decider: Decider;
  plan: Plan;
}

/** Whom something is about: Sojourn's own id, or what the client called the person. */
export interface PersonFromOutside {
  personId?: string;
  userId?: string;
  anonymousId?: string;
}

export interface SignalFromOutside {
  run?: { personId: string };
  /** Whom it is of, where its start was refused and there is no run. */
  person?: PersonFromOutside;
  event: string;
  properties: Record<string, unknown>;
  messageId: string;
  /** The message id was not the client's. */
  made?: true;
}

export interface StartFromOutside {
  journey: string;
  workflowId: string;
  /** Of the execution as it was started, which a reset does not change. */
  temporalRunId: string;
  args: unknown[];
}

/** `person`: whose the signals are that came with a start that was refused. */
export type Adopted = { startArgs: StartArgs } | { refused: string; person?: PersonFromOutside };

export function createExternalOps({ db, clock, accept, decider, plan }: ExternalParts) {
  return {
    async acceptSignal(signal: SignalFromOutside): Promise<{ refused?: string }> {
      const { run, person = run && { personId: run.personId }, event, properties, messageId, made } = signal;
      if (!person) return { refused: 'nobody is named' };
      const read = readOutside(signalled, { event, properties, ...(!made && { messageId }) });
      if (read.wrong !== undefined) return { refused: read.wrong };
      const name = planName(event);
      if (isReservedName(name)) return { refused: `'${event}' is a name that only Sojourn reports; rename it` };
      const planned = toPlanProperties(name, properties);
      const [wrong] = plan.check(name, planned);
      if (wrong) return { refused: `${event}: ${senderPath(wrong.path, properties)}: ${wrong.detail}` };
      const [accepted] = await accept.accept([
        {
          type: 'track',
          name,
          messageId,
          ...person,
          properties: planned,
          occurredAt: clock.now(),
          source: 'temporal',
          planned: plan.has(name),
          activity: true,
        },
      ]);
      if (accepted) await decider.decide([accepted.personId]);
      return {};
    },

    /** Called again for the same start, as by an execution that was reset, it answers the same run. */
    async adoptStart(start: StartFromOutside): Promise<Adopted> {
      const { journey, workflowId, temporalRunId, args } = start;
      const facts = args[0] ?? undefined;
      const named = findUnstorable(workflowId) ? undefined : namedBy(facts, journey, workflowId);
      const read = readOutside(plainStart, facts);
      if (read.wrong !== undefined) {
        return { refused: `the argument is not { userId, properties, messageId }: ${read.wrong}`, person: named };
      }
      if (!named) {
        const reason = `nobody is named: give a userId, or use the workflow id ${journey}/<userId>`;
        return { refused: `${reason} (of at most ${maxIdLength} characters)` };
      }
      const started = await startedBy(db, clock, start);
      if (started) return started;
      const { userId: _, anonymousId: __, messageId, properties: given, ...rest } = read.value ?? {};
      const [accepted] = await accept.accept([
        {
          type: 'track',
          name: requestedEvent,
          messageId: messageId ?? ownMessageId('start', temporalRunId),
          ...named,
          properties: { ...onStackClock({ ...rest, ...given }, clock), journey, adopt: { workflowId, temporalRunId } },
          occurredAt: clock.now(),
          source: 'temporal',
          planned: true,
          activity: false,
        },
      ]);
      if (!accepted) return { refused: 'nothing was accepted', person: named };
      await decider.decide([accepted.personId]);
      const entered = await startedBy(db, clock, start);
      if (entered) return entered;
      return { refused: await refusalOf(db, accepted.eventId), person: { personId: accepted.personId } };
    },
  };
}

/** The run that this very start has been adopted as, whatever has become of it. */
async function startedBy(
  db: Db,
  clock: Clock,
  { workflowId, temporalRunId }: StartFromOutside,
): Promise<{ startArgs: StartArgs } | undefined> {
  const run = await db
    .selectFrom('runs')
    .innerJoin('people', 'people.id', 'runs.person_id')
    .select(['runs.id', 'runs.number', 'runs.journey', 'runs.workflow_id', 'runs.header', 'runs.trigger'])
    .select(['people.id as person_id', 'people.user_id', 'people.traits'])
    .where('runs.workflow_id', '=', workflowId)
    .where(sql`runs.trigger #>> '{properties,adopt,temporalRunId}'`, '=', temporalRunId)
    .executeTakeFirst();
  return (
    run && {
      startArgs: startArgs(
        {
          id: run.id,
          number: Number(run.number),
          journey: run.journey,
          workflowId: run.workflow_id,
          header: run.header,
          // Written by the router from a JourneyEvent.
          trigger: run.trigger,
          person: { id: run.person_id, userId: run.user_id ?? undefined, traits: run.traits },
        },
        clock,
      ),
    }
  );
}

/** Why an event started no run for whoever asks. */
async function refusalOf(db: Db, eventId: string): Promise<string> {
  const decision = await db
    .selectFrom('decisions')
    .select(['verdict', 'reason', 'run_id'])
    .where('event_id', '=', eventId)
    .where('verdict', 'in', ['entered', 'refused'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!decision) return 'there is no such journey here';
  if (decision.verdict === 'refused' || decision.run_id === null) return decision.reason ?? 'refused';
  return 'this message id has started a run already';
}
