/**
 * Writes down what an operator changed, in the transaction that changes it: neither is there without the other. Who is a
 * key or the admin, what is named by ids; nothing in it is about one of the people whom journeys are for.
 */
import type { Clock } from '../clock';
import type { AuditKind, Tx } from '../db';

/** A key by its id and name, the admin, or what else may change something. */
export interface Actor {
  id: string;
  name: string;
}

/** Who changes a journey's mode by deploying another header. */
export const theCode: Actor = { id: 'deploy', name: 'the deployed code' };

export interface Change {
  kind: AuditKind;
  /** Its id. */
  subject: string;
  /** What it was before and is now; null where it was not there. */
  from: string | null;
  to: string | null;
  /** What tells a reader more than the id does: a key's name, a run's journey. */
  about?: Record<string, string>;
}

export async function recordChange(tx: Tx, clock: Clock, by: Actor, change: Change): Promise<void> {
  const { kind, subject, from, to, about } = change;
  await tx
    .insertInto('audit')
    .values({
      ...{ kind, subject, was: from, becomes: to },
      ...{ by_id: by.id, by_name: by.name, at: new Date(clock.now()) },
      about: about ? JSON.stringify(about) : null,
    })
    .execute();
}
