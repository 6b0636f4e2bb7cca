/** A program: an Express server that keeps each event, starts a run for a cart, and signals a purchase. */
import { Client, Connection } from '@temporalio/client';
import express from 'express';
import pg from 'pg';
import { serve } from '../child';
import type { ShopEvent } from '../naive/event';
import { workload } from '../runs/workload';
import { leanCart, purchaseSignal } from './workflow';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
await pool.query(
  `create table if not exists bench_lean_events (user_id text, name text, at timestamptz default now())`,
);
await pool.query('create index if not exists bench_lean_events_user on bench_lean_events (user_id)');
await pool.query(`create table if not exists bench_lean_steps (user_id text, step text, at timestamptz default now())`);
const connection = await Connection.connect({ address: process.env.TEMPORAL_ADDRESS });
const { workflow } = new Client({ connection });
const app = express();
app.use(express.json());

app.post('/v1/track', async (request, response) => {
  const { userId, event, context } = request.body as ShopEvent; // the lean program trusts its callers
  await pool.query('insert into bench_lean_events (user_id, name) values ($1, $2)', [userId, event]);
  const workflowId = `lean-cart/${userId}`;
  if (event === 'add_to_cart') {
    const args: Parameters<typeof leanCart> = [userId, context?.email ?? '', workload.idleMs];
    await workflow.start(leanCart, { workflowId, taskQueue: 'lean', args });
  } else if (event === 'purchase') await workflow.getHandle(workflowId).signal(purchaseSignal);
  response.status(202).json({ accepted: 1 });
});

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  serve(() => null, { port: typeof address === 'object' && address ? address.port : 0 });
});
