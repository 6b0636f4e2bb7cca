import { useSyncExternalStore } from 'react';
import type { Store } from './store';

/** The store's value, and the component drawn anew when it changes. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
