/** Puts what a run must be told into the queue of deliveries, in the transaction that decided it. */
import { sql } from 'kysely';
import { chunksOf, type Tx } from '../db';
import type { StartArgs, Told } from '../journey';

export type Delivery =
  | { number: number; runId: string; kind: 'start'; payload: StartArgs }
  | { number: number; runId: string; kind: 'event' | 'end' | 'wake'; payload: Told };

/** The numbers must have been taken under the lock of the run's person: a run drops what is not above the last. */
export async function enqueue(tx: Tx, deliveries: Delivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  const rows = deliveries.map(({ number, runId, kind, payload }) => ({
    number: String(number),
    run_id: runId,
    kind,
    payload: JSON.stringify(payload),
  }));
  for (const chunk of chunksOf(rows)) await tx.insertInto('deliveries').values(chunk).execute();
  const runs = [...new Set(deliveries.map((delivery) => delivery.runId))].sort((a, b) =>
    BigInt(a) < BigInt(b) ? -1 : 1,
  );
  await sql`
    insert into sojourn.dispatch as d (run_id) select unnest(${runs}::bigint[])
    on conflict (run_id) do update set due_at = least(d.due_at, now())`.execute(tx);
}
