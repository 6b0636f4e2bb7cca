/** Scenarios on a Temporal server that skips time. */
import { day } from '../../src/journey';
import { resultOf, stage } from '../../src/prove';
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
        const { journey, with: others = [], moments, traits, consents, personId } = scenario;
        const start = Date.parse(scenario.start ?? defaultStart);
        const world = await server.run(
          { journeys: [journey, ...others], content, start },
          {
            until: 730 * day,
            prepare: (world) => stage(world, moments, { traits, consents, person: { id: personId } }),
          },
        );
        return resultOf(world, journey.id, start);
      },
    },
  };
}
