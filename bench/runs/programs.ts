/** The straightforward program: its API and its worker, each in a process of its own. */
import pg from 'pg';
import { startProgram } from '../child';
import type { Parts } from '../parts';
import type { Side } from './measure';
import { personId } from './workload';

export async function startNaive(
  parts: Parts,
  people: Record<string, number>,
): Promise<Side & { stop(): Promise<void> }> {
  await fillCarts(parts.databaseUrl, people);
  const worker = await startProgram('naive/worker.ts', parts.env);
  const api = await startProgram('naive/api.ts', parts.env);
  return {
    name: 'naive',
    port: api.port,
    path: '/v1/track',
    headers: {},
    workflowType: 'cartAbandonment',
    pids: { api: api.pid, worker: worker.pid },
    stop: async () => {
      await api.stop();
      await worker.stop();
    },
  };
}

/** The shop's own table, which the check reads; a shop keeps it anyway, so keeping it is not measured. */
async function fillCarts(url: string, people: Record<string, number>): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query('create table if not exists bench_carts (user_id text primary key, value numeric not null)');
  for (const [prefix, count] of Object.entries(people)) {
    const ids = Array.from({ length: count }, (_, index) => personId(prefix, index));
    await client.query('insert into bench_carts select unnest($1::text[]), 80', [ids]);
  }
  await client.end();
}
