/** What the lean program does outside: one read, one mail. */
import pg from 'pg';

export { sendReminder } from '../naive/activities';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

/** When the person was last seen (wall ms), and whether there is something in their cart. */
export async function look(userId: string): Promise<{ lastSeenAt: number; isOpen: boolean }> {
  const { rows } = await pool.query<{ last_seen_at: Date; is_open: boolean }>(
    `select max(at) as last_seen_at, exists (select 1 from bench_carts where user_id = $1 and value > 50) as is_open
     from bench_lean_events where user_id = $1`,
    [userId],
  );
  return { lastSeenAt: rows[0]?.last_seen_at.getTime() ?? 0, isOpen: rows[0]?.is_open ?? false };
}
