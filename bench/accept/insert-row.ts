/** A program: an Express server whose handler inserts a row for each event before it answers. */
import express from 'express';
import pg from 'pg';
import { serve } from '../child';
import type { ShopEvent } from '../naive/event';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
await pool.query(`create table if not exists bench_events (
  id bigint generated always as identity primary key, message_id text, user_id text, name text,
  properties jsonb, received_at timestamptz not null default now())`);
const app = express();
app.use(express.json());

app.post('/v1/track', async (request, response) => {
  const { messageId, userId, event, properties } = request.body as ShopEvent; // the naive program trusts its callers
  await pool.query('insert into bench_events (message_id, user_id, name, properties) values ($1, $2, $3, $4)', [
    messageId,
    userId,
    event,
    properties,
  ]);
  response.status(202).json({ accepted: 1 });
});

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  serve(() => null, { port: typeof address === 'object' && address ? address.port : 0 });
});
