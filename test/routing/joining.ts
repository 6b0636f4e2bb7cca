/** Users who are joined, in tests: what a server's alias reports, and who somebody is by now. */
import type { HeaderInput } from '../../src/journey';
import { findPerson, readPerson } from '../../src/people';
import type { RoutingBench } from './support';

export const journeys: Record<string, HeaderInput> = {
  reminder: { on: 'add_to_cart', entry: { once: 'per 24 hours' }, goal: { event: 'purchase', within: '7 days' } },
  'per-cart': { on: 'begin_checkout', key: 'cart_id' },
  digest: { on: 'view_item', hears: ['view_item'], onRepeat: 'hear' },
};

/** On the bench that there is by the time of the calls. */
export function joining(bench: () => RoutingBench) {
  const find = (userId: string) => findPerson(bench().store.db, { kind: 'user', value: userId });
  return {
    track: (user: string, name = 'page', properties = {}) => bench().track(user, name, properties),
    decide: (...people: string[]) => bench().decider.decide(people),
    /** Resolves with whose the event is. */
    alias(userId: string, previousId: string, more: Parameters<RoutingBench['track']>[3] = {}): Promise<string> {
      const about = { type: 'alias', previousId, joinsUsers: true, activity: false } as const;
      return bench().track(userId, 'alias', {}, { ...about, ...more });
    },
    async person(userId: string) {
      const found = await find(userId);
      return found && readPerson(bench().store.db, found);
    },
    /** Oldest first. */
    async runsOf(userId: string) {
      const runs = bench().store.db.selectFrom('runs').selectAll().orderBy('id');
      return runs.where('person_id', '=', (await find(userId))?.id ?? '0').execute();
    },
    pending: () => bench().store.db.selectFrom('pending').selectAll().execute(),
  };
}
