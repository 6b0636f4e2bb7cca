/** What reaches PostgreSQL. */
import pg from 'pg';
import { vi } from 'vitest';

/** The texts of all statements that this sends, in order. */
export async function sentBy(work: () => Promise<unknown>): Promise<string[]> {
  const query = vi.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    const calls = query.mock.calls as unknown as [string | { text: string }][];
    const texts = calls.map(([statement]) => (typeof statement === 'string' ? statement : statement.text));
    // Once on each connection, and now and then, whatever else is sent.
    return texts.filter((text) => !/^(set default_transaction_isolation|discard plans)/.test(text));
  } finally {
    query.mockRestore();
  }
}
