/**
 * P8: the code is changed under 50 waiting runs, a step put in and a step taken out, and the worker started again. All
 * 50 end as the code says that they started with; new runs follow the new code.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../support';
import { production, type Production } from './processes';

const here = dirname(fileURLToPath(import.meta.url));
// Inside the repository, so that the content's imports of the engine lead where they do in test/e2e/content.
const content = await mkdtemp(join(here, '.content-'));
const people = 50;
let stack: Production;

beforeAll(async () => {
  await cp(join(here, 'content'), content, { recursive: true });
  stack = await production({ contentDir: content });
});
afterAll(async () => {
  await stack?.close();
  await rm(content, { recursive: true });
});

async function start(prefix: string, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const userId = `${prefix}-${n}`;
      await stack.post('/v1/identify', { userId, traits: { email: `${userId}@example.com` } });
      await stack.track(userId, 'add_to_cart', { value: 80 });
    }),
  );
  await until(
    async () => {
      const rows = await runs(prefix);
      return rows.filter((row) => row.version !== null).length === count;
    },
    { what: 'runs that have reported' },
  );
}

const runs = (prefix: string) =>
  stack.db
    .selectFrom('runs')
    .innerJoin('people', 'people.id', 'runs.person_id')
    .select(['runs.id', 'runs.version', 'runs.outcome', 'runs.reason'])
    .where('people.user_id', 'like', `${prefix}-%`)
    .execute();

const subjects = (user: string) =>
  stack.mail.mails.filter((mail) => mail.to.includes(`${user}@example.com`)).map((mail) => mail.subject.split(' ')[0]);

it(
  '50 runs in flight end as their own code says, and new ones as the new code says',
  { timeout: 240_000 },
  async () => {
    await start('old', people);
    await stack.roles.worker!.stop();
    const file = join(content, 'workflows/reminder.ts');
    const before = await readFile(file, 'utf8');
    const after = before
      .replace(
        "    await j.send('note', { n: 1 });\n",
        "    await j.sleep('1 second');\n    await j.sleep('1 second');\n",
      )
      .replace(
        "await j.send('second-note', { n: 2 });",
        "await j.send('second-note', { n: 2 });\n    return j.exit('new code');",
      );
    expect(after).not.toBe(before);
    await writeFile(file, after);
    await stack.roles.worker!.start();
    await start('new', 5);

    const done = async (prefix: string, count: number) =>
      until(
        async () => {
          const rows = await runs(prefix);
          return rows.filter((row) => row.outcome !== null).length === count && rows;
        },
        { withinMs: 90_000, everyMs: 250, what: `the end of the ${prefix} runs` },
      );
    const old = await done('old', people);
    const fresh = await done('new', 5);
    expect(new Set(old.map((row) => row.outcome))).toEqual(new Set(['completed']));
    expect(new Set(fresh.map((row) => row.reason))).toEqual(new Set(['new code']));
    expect(new Set([...old, ...fresh].map((row) => row.version)).size).toBe(2);
    for (let n = 0; n < people; n++) expect(subjects(`old-${n}`), `old-${n}`).toEqual(['note', 'second-note']);
    for (let n = 0; n < 5; n++) expect(subjects(`new-${n}`), `new-${n}`).toEqual(['second-note']);
  },
);
