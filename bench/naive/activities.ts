/** What the workflow does outside: one read of the shop's database, one mail. The clients are made once. */
import { createTransport } from 'nodemailer';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const mail = createTransport(`${process.env.SMTP_URL}?pool=true`);

export async function cartIsOpen(userId: string): Promise<boolean> {
  const { rows } = await pool.query('select 1 from bench_carts where user_id = $1 and value > 50', [userId]);
  return rows.length > 0;
}

export async function sendReminder(userId: string, email: string): Promise<void> {
  await mail.sendMail({
    from: 'shop@example.com',
    to: email,
    subject: 'You left something in your cart',
    html: `<h1>Still thinking, ${userId}?</h1><p>Your standing desk waits for you: <a href="https://shop.example.com/cart">to the cart</a>.</p>`,
    text: 'Your standing desk waits for you: https://shop.example.com/cart',
  });
}
