/** docs/deploy.md, run where no Docker engine is needed: its settings, keys and tables, on a real store. */
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureEventPartitions } from '../../src/db/migrate';
import { parseConfig } from '../../src/config';
import { read, root } from '../house/sources';
import { freshDatabase, scratchFolder, type FreshDatabase } from '../support';
import { runShell, snippets } from './snippets';

const document = 'docs/deploy.md';
const page = read(document);
let store: FreshDatabase;

beforeAll(async () => {
  store = await freshDatabase({ maxConnections: 2 });
});
afterAll(() => store?.drop());

/** A command that stands in the text between backticks; it has to be there as it is run. */
function said(command: string): string {
  expect(page).toContain(`\`${command}\``);
  return command;
}

test('the settings begin as a copy of the example', async () => {
  const folder = await scratchFolder();
  await copyFile(join(root, '.env.example'), join(folder, '.env.example'));
  const [first = ''] = snippets(document, 'sh', 'On one machine')[0]!.split('\n');
  expect(await runShell(first, {}, folder)).toMatchObject({ code: 0 });
  expect(await readFile(join(folder, '.env'), 'utf8')).toBe(read('.env.example'));
});

test('a key made as it says is long enough', async () => {
  const { stdout } = await runShell(said('openssl rand -hex 24'), {});
  const key = stdout.trim();
  expect(() => parseConfig({ SOJOURN_WRITE_KEY: key })).not.toThrow();
  expect(() => parseConfig({ SOJOURN_WRITE_KEY: key.slice(0, 23) })).toThrow(/SOJOURN_WRITE_KEY/);
});

test('a key for browsers, and a migration of a store that has all', async () => {
  const env = { DATABASE_URL: store.url };
  const made = await runShell(`npx ${said('sojourn keys create --kind browser Shop')}`, env);
  expect(made, made.stderr).toMatchObject({ code: 0 });
  expect(made.stdout).toMatch(/^bk_/);
  const migrated = await runShell(`npx ${said('sojourn migrate')}`, env);
  expect(migrated).toMatchObject({ code: 0, stdout: 'Nothing to do.\n' });
});

test("a month's events are dropped by the statement given, and the store goes on", async () => {
  const statement = said('drop table sojourn.events_2026_01');
  await ensureEventPartitions(store.db, Date.UTC(2026, 0, 15));
  const months = async () => {
    const { rows } = await sql<{ name: string }>`
      select inhrelid::regclass::text as name from pg_inherits where inhparent = 'sojourn.events'::regclass`.execute(
      store.db,
    );
    return rows.map(({ name }) => name.replace('sojourn.', ''));
  };
  expect(await months()).toContain('events_2026_01');
  await sql.raw(statement).execute(store.db);
  expect(await months()).not.toContain('events_2026_01');
  await store.db.selectFrom('events').selectAll().execute();
});
