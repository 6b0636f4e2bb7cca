/** Puts what a run must be told into the queue of deliveries, in the transaction that decided it. */
import { sql } from 'kysely';
import { idArray, write, writeTogether, type Tx, type Write } from '../db';
import type { StartArgs, Told } from '../journey';

export type Delivery =
  | { number: number; runId: string; kind: 'start'; payload: StartArgs }
  | { number: number; runId: string; kind: 'event' | 'end' | 'wake'; payload: Told };

/** The numbers must have been taken under the lock of the run's person: a run drops what is not above the last. */
export async function enqueue(tx: Tx, deliveries: Delivery[]): Promise<void> {
  await writeTogether(tx, enqueueing(deliveries));
}

/** The same, for a statement that writes more than this. */
export function enqueueing(deliveries: Delivery[]): Write[] {
  const runs = [...new Set(deliveries.map((delivery) => delivery.runId))].sort((a, b) =>
    BigInt(a) < BigInt(b) ? -1 : 1,
  );
  return [
    write(
      deliveries,
      (rows) => sql`
        insert into sojourn.deliveries (number, run_id, kind, payload)
        select number, "runId", kind, payload from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          as x (number bigint, "runId" bigint, kind text, payload jsonb)`,
    ),
    write(
      runs,
      (ids) => sql`
        insert into sojourn.dispatch as d (run_id) select unnest(${idArray(ids)})
        on conflict (run_id) do update set due_at = least(d.due_at, now())`,
    ),
  ];
}
