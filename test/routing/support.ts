/** A store with accept and a decider on it, and journeys by header alone: what routing tests start from. */
import { createClock, type Clock } from '../../src/clock';
import { createAccept, type Accept, type IncomingEvent } from '../../src/events';
import { loadHeader, type CatalogJourney, type HeaderInput } from '../../src/journey';
import { createDecider, createDeliverer, type Decider, type Loop, type Temporal } from '../../src/routing';
import { freshDatabase, until, type FreshDatabase } from '../support';

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
  /** Delivers what was decided, until it is stopped, at the latest with the bench. */
  deliver(temporal: Temporal): Loop;
  /** Resolves when there is nothing left to deliver. */
  delivered(): Promise<void>;
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
  const loops: Loop[] = [];
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
    deliver(temporal) {
      const idle = () => new Promise<void>((resolve) => setTimeout(resolve, 20));
      const loop = createDeliverer({ db: store.db, temporal, idle });
      loops.push(loop);
      return loop;
    },
    async delivered() {
      const queue = () => store.db.selectFrom('dispatch').select('run_id').execute();
      await until(async () => (await queue()).length === 0, { what: 'an empty queue' });
    },
    async close() {
      await Promise.all(loops.map((loop) => loop.stop()));
      await accept.close();
      await store.drop();
    },
  };
}
