/** A scenario as a file (`sojourn simulate JOURNEY --scenario FILE --json`): its shape is docs' and contract's. */
import { z } from 'zod';
import type { Content as LoadedContent } from '../content';
import { ContentError } from '../errors';
import { isReservedName, unplannedWords } from '../events';
import type { Simulated } from './result';
import { createSimulate } from './simulate';

const scenario = z.strictObject({
  person: z
    .strictObject({ userId: z.string().min(1).optional(), traits: z.record(z.string(), z.unknown()).optional() })
    .optional(),
  consents: z.record(z.string(), z.enum(['in', 'out'])).optional(),
  start: z.iso.datetime({ offset: true }).optional(),
  until: z.string().optional(),
  events: z.array(
    z.strictObject({
      at: z.string(),
      event: z.string().min(1),
      properties: z.record(z.string(), z.unknown()).optional(),
      messageId: z.string().optional(),
    }),
  ),
});

/** What the command prints with `--json`. */
export interface ScenarioAnswer extends Pick<Simulated, 'journey' | 'entered' | 'trace' | 'sent'> {
  outcome: string | null;
  at: string | null;
  reason?: string;
}

/**
 * Throws a `ContentError` for an unknown journey, or a scenario that is none, naming the field. An event that the plan
 * lacks is a warning: it happens, and starts nothing.
 */
export async function simulateScenario(
  journeyId: string,
  json: unknown,
  content: LoadedContent,
): Promise<{ answer: ScenarioAnswer; simulated: Simulated; warnings: string[] }> {
  const loaded = content.journeys.find(({ id }) => id === journeyId);
  if (!loaded) {
    const ids = content.journeys.map(({ id }) => id).join(', ');
    throw new ContentError('simulate', `there is no journey '${journeyId}'`, `There are: ${ids}`);
  }
  const parsed = scenario.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ContentError('scenario', `${issue?.path.join('.')}: ${issue?.message}`, 'See `sojourn simulate --help`');
  }
  const { person, consents, start, until, events } = parsed.data;
  const simulate = createSimulate(
    {
      messages: Object.fromEntries([...content.messages].map(([id, { definition }]) => [id, definition])),
      topics: content.topics,
      checks: content.checks,
    },
    { events: content.plan.names },
  );
  const simulated = await simulate(
    loaded.journey,
    events.map(({ at, event, properties, messageId }, index) => {
      const [wrong] = content.plan.check(event, properties ?? {});
      if (wrong) {
        throw new ContentError(
          'scenario',
          `events.${index}.properties.${wrong.path}: ${wrong.detail}`,
          'See events.ts',
        );
      }
      return { at, happening: { kind: 'event', event, properties, id: messageId } };
    }),
    { person: { userId: person?.userId }, traits: person?.traits, consents, start, until },
  );
  const { journey, entered, outcome, trace, sent } = simulated;
  const unplanned = new Set(
    events.map(({ event }) => event).filter((name) => !content.plan.has(name) && !isReservedName(name)),
  );
  return {
    warnings: [...unplanned].map((event) => unplannedWords(content.plan, event)),
    simulated,
    answer: {
      journey,
      entered,
      outcome: outcome?.outcome ?? null,
      at: outcome?.at ?? null,
      ...(outcome?.reason !== undefined && { reason: outcome.reason }),
      trace,
      sent,
    },
  };
}
