/**
 * What Temporal's own clients say to journeys goes through accept like everything else: a signal becomes an event, a
 * plain start asks for the journey with facts, and the entry rules decide.
 */
import { z } from 'zod';
import type { Accept, Plan } from '../../events';
import { isReservedName } from '../../events';
import type { Clock } from '../../clock';
import type { Db } from '../../db';
import { requestedEvent, type StartArgs } from '../../journey';
import { startArgs } from '../../runs';
import type { Decider } from '../../routing';

export interface ExternalParts {
  db: Db;
  clock: Clock;
  accept: Accept;
  decider: Decider;
  plan: Plan;
}

export interface SignalFromOutside {
  run: { personId: string };
  event: string;
  properties: Record<string, unknown>;
  messageId: string;
}

export interface StartFromOutside {
  journey: string;
  workflowId: string;
  temporalRunId: string;
  args: unknown[];
}

const properties = z.record(z.string().max(256), z.unknown());
const id = z.string().min(1).max(256);

/** The one argument of a plain start; all of it may be left out, and the workflow id then names the person. */
const plainStart = z
  .looseObject({
    userId: id.optional(),
    anonymousId: id.optional(),
    messageId: id.optional(),
    properties: properties.optional(),
  })
  .optional();

export function createExternalOps({ db, clock, accept, decider, plan }: ExternalParts) {
  return {
    async acceptSignal({ run, event, properties, messageId }: SignalFromOutside): Promise<{ refused?: string }> {
      if (isReservedName(event)) return { refused: `'${event}' is a name that only Sojourn reports; rename it` };
      const [wrong] = plan.check(event, properties);
      if (wrong) return { refused: `${event}: ${wrong.path}: ${wrong.detail}` };
      const [accepted] = await accept.accept([
        {
          type: 'track',
          name: event,
          messageId,
          personId: run.personId,
          properties,
          occurredAt: clock.now(),
          source: 'temporal',
          planned: plan.has(event),
          activity: true,
        },
      ]);
      if (accepted) await decider.decide([accepted.personId]);
      return {};
    },

    /** Called again for the same execution, it answers the same. */
    async adoptStart(start: StartFromOutside): Promise<{ startArgs: StartArgs } | { refused: string }> {
      const { journey, workflowId, temporalRunId, args } = start;
      const parsed = plainStart.safeParse(args[0] ?? undefined);
      if (!parsed.success) {
        return { refused: `the argument is not { userId, properties, messageId }: ${parsed.error.issues[0]?.message}` };
      }
      const { userId, anonymousId, messageId, properties: given, ...rest } = parsed.data ?? {};
      const prefix = `${journey}/`;
      const named = workflowId.startsWith(prefix) ? workflowId.slice(prefix.length) : undefined;
      const person = userId ?? (anonymousId === undefined ? named : undefined);
      if (person === undefined && anonymousId === undefined) {
        return { refused: `nobody is named: give a userId, or use the workflow id ${prefix}<userId>` };
      }
      const [accepted] = await accept.accept([
        {
          type: 'track',
          name: requestedEvent,
          messageId: messageId ?? `start/${temporalRunId}`,
          userId: person,
          anonymousId,
          properties: { ...rest, ...given, journey, adopt: { workflowId, temporalRunId } },
          occurredAt: clock.now(),
          source: 'temporal',
          planned: true,
          activity: false,
        },
      ]);
      if (!accepted) return { refused: 'nothing was accepted' };
      await decider.decide([accepted.personId]);
      return verdictFor(db, clock, accepted.eventId, temporalRunId);
    },
  };
}

async function verdictFor(db: Db, clock: Clock, eventId: string, temporalRunId: string) {
  const decision = await db
    .selectFrom('decisions')
    .select(['verdict', 'reason', 'run_id'])
    .where('event_id', '=', eventId)
    .where('verdict', 'in', ['entered', 'refused'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!decision) return { refused: 'there is no such journey here' };
  if (decision.verdict === 'refused' || decision.run_id === null) return { refused: decision.reason ?? 'refused' };
  const run = await db
    .selectFrom('runs')
    .innerJoin('people', 'people.id', 'runs.person_id')
    .select(['runs.id', 'runs.number', 'runs.journey', 'runs.workflow_id', 'runs.header', 'runs.trigger'])
    .select(['runs.temporal_run_id', 'people.id as person_id', 'people.user_id', 'people.traits'])
    .where('runs.id', '=', decision.run_id)
    .executeTakeFirstOrThrow();
  if (run.temporal_run_id !== temporalRunId) return { refused: 'this message id has started a run already' };
  return {
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
  };
}
