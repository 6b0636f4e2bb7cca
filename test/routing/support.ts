/** A store with accept and a decider on it, and journeys by header alone: what routing tests start from. */
import { createClock, type Clock } from '../../src/clock';
import { createAccept, type Accept, type IncomingEvent } from '../../src/events';
import { loadHeader, type CatalogJourney, type HeaderInput } from '../../src/journey';
import { createDecider, type Decider } from '../../src/routing';
import { freshDatabase, type FreshDatabase } from '../support';

export interface RoutingBench {
  store: FreshDatabase;
  clock: Clock;
  accept: Accept;
  decider: Decider;
  track(
    user: string,
    name: string,
    properties?: Record<string, unknown>,
    more?: Partial<IncomingEvent>,
  ): Promise<string>;
  close(): Promise<void>;
}

export function catalogOf(journeys: Record<string, HeaderInput>): CatalogJourney[] {
  return Object.entries(journeys).map(([id, header]) => ({ id, header: loadHeader(id, header) }));
}

export async function routingBench(journeys: Record<string, HeaderInput>): Promise<RoutingBench> {
  const store = await freshDatabase();
  const clock = createClock({ epoch: Date.now(), scale: 1 });
  const accept = createAccept({ db: store.db, clock });
  const catalog = catalogOf(journeys);
  const decider = createDecider({ db: store.db, clock, catalog: () => catalog });
  let count = 0;
  return {
    store,
    clock,
    accept,
    decider,
    async track(user, name, properties = {}, more = {}) {
      const [accepted] = await accept.accept([
        {
          type: 'track',
          name,
          messageId: `m${count++}`,
          userId: user,
          properties,
          occurredAt: clock.now(),
          source: 'test',
          planned: true,
          activity: true,
          ...more,
        },
      ]);
      return accepted!.personId;
    },
    async close() {
      await accept.close();
      await store.drop();
    },
  };
}
