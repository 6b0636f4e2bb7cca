/** Scenarios on a Temporal server that skips time. */
import { day } from '../../src/journey';
import { parseAt, resultOf, type TracedStep } from '../../src/prove';
import { timeSkippingServer } from '../support';
import { bundleOf } from '../temporal/rig';
import { content } from './content';
import type { Backend } from './run-scenario';
import { defaultStart } from './scenario';
import { openTimeSkipping } from './time-skipping';

export type OnTemporal = { backend: Backend; close(): Promise<void> } | { missing: string };

/** `sources` are the journeys' files by id; `missing` says why there is no such server here. */
export async function openOnTemporal(sources: Record<string, string>): Promise<OnTemporal> {
  const found = await timeSkippingServer();
  if ('reason' in found) return { missing: found.reason };
  const server = await openTimeSkipping(found, await bundleOf(sources));
  return {
    close: () => server.close(),
    backend: {
      // A step that is settled just before a full second on one clock may be just after it on the other.
      toleranceMs: 1_000,
      async run(scenario) {
        const { journey, with: others = [], moments, traits, consents = {}, personId } = scenario;
        const start = Date.parse(scenario.start ?? defaultStart);
        const world = await server.run(
          { journeys: [journey, ...others], content, start },
          {
            until: 730 * day,
            prepare: (world) => {
              const person = world.person('somebody', {
                id: personId,
                traits: { email: 'somebody@example.com', ...traits },
              });
              for (const [topic, state] of Object.entries(consents))
                world.happen(person, { kind: 'choose', topic, state });
              return moments.map(({ at, userId, happening }) => ({
                at: parseAt(at),
                happening,
                person:
                  userId === undefined ? person : world.person(userId, { traits: { email: `${userId}@example.com` } }),
              }));
            },
          },
        );
        return resultOf(world, journey.id, start);
      },
    },
  };
}

/** Reasons that hold a time in milliseconds since 1970 are as near as the trace's own times. */
export function toTheSecond(step: TracedStep): TracedStep {
  const round = (value: unknown) => (typeof value === 'number' && value > 1e12 ? Math.round(value / 1_000) : value);
  const why = Object.entries(step.why ?? {}).map(([name, value]) => [name, round(value)] as const);
  return { ...step, ...(step.why && { why: Object.fromEntries(why) }) };
}
