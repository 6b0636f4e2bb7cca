/** The roles of a process that work by themselves, once they are started, and what keeps each from its work. */
import type { Troubles } from './listening';
import type { RouterRole } from './router';
import type { WorkerRole } from './worker';

export interface Working {
  router?: RouterRole;
  worker?: WorkerRole;
}

/** Of those named; asked of one that is not there yet, it says so. */
export function troublesOf(names: readonly (keyof Working)[], working: Working): Troubles {
  const troubleOf = (role: keyof Working) => (working[role] ? working[role].trouble() : 'it is not started yet');
  return Object.fromEntries(names.map((role) => [role, () => troubleOf(role)]));
}
