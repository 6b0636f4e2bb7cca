/** What the lean program does outside: a statement for each call, and one mail. */
import pg from 'pg';

export { cartIsOpen, sendReminder } from '../naive/activities';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

/** Keeps what the run has come to. */
export async function record(userId: string, step: string): Promise<void> {
  await pool.query('insert into bench_lean_steps (user_id, step) values ($1, $2)', [userId, step]);
}

/** When the person was last seen, in wall ms. */
export async function lastActive(userId: string): Promise<number> {
  const { rows } = await pool.query<{ at: Date }>('select max(at) as at from bench_lean_events where user_id = $1', [
    userId,
  ]);
  return rows[0]?.at.getTime() ?? 0;
}
