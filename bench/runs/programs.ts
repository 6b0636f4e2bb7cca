/** The programs beside Sojourn: the straightforward one and the leanest, API and worker each in a process of its own. */
import { startProgram } from '../child';
import { asking, type Parts } from '../parts';
import type { Side } from './measure';

export const startNaive = (parts: Parts): Promise<Side> => start(parts, 'naive', 'cartAbandonment');
export const startLean = (parts: Parts): Promise<Side> => start(parts, 'lean', 'leanCart');

async function start(parts: Parts, name: 'naive' | 'lean', workflowType: string): Promise<Side> {
  await fillCarts(parts.databaseUrl, []); // the table is there before anything reads it
  const worker = await startProgram(`${name}/worker.ts`, parts.env);
  const api = await startProgram(`${name}/api.ts`, parts.env);
  return {
    name,
    port: api.port,
    path: '/v1/track',
    headers: {},
    workflowType,
    pids: { api: api.pid, worker: worker.pid },
    prepare: (people) => fillCarts(parts.databaseUrl, people),
    stop: async () => {
      await api.stop();
      await worker.stop();
    },
  };
}

/** The shop's own table, which the check reads; a shop keeps it anyway, so keeping it is not measured. */
async function fillCarts(url: string, people: string[]): Promise<void> {
  await asking(url, async (client) => {
    await client.query('create table if not exists bench_carts (user_id text primary key, value numeric not null)');
    await client.query('insert into bench_carts select unnest($1::text[]), 80 on conflict do nothing', [people]);
  });
}
