/** What `sojourn journeys` says of files that nothing uses, and of names that only the compiler would have looked at. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadContent, remarkInWords, remarksOn } from '../../src/content';

const good = resolve(dirname(fileURLToPath(import.meta.url)), '../e2e/content');
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(dirname(good), '.content-'));
  await cp(good, dir, { recursive: true });
});
afterEach(() => rm(dir, { recursive: true }));

const remarks = async () => (await remarksOn(await loadContent(dir))).map(({ where, wrong }) => ({ where, wrong }));

it('says nothing of what is used, here and in the content that ships', async () => {
  expect(await remarks()).toEqual([]);
  expect(await remarksOn(await loadContent(resolve('.')))).toEqual([]);
});

it('names files and folders that nothing uses, but not what a used file imports', async () => {
  await cp(join(dir, 'messages/note'), join(dir, 'messages/forgotten'), { recursive: true });
  await mkdir(join(dir, 'workflows/deep'));
  await writeFile(join(dir, 'workflows/deep/lost.ts'), 'export default 1;');
  await writeFile(join(dir, 'workflows/shared.mts'), 'export const days = 3;');
  await writeFile(join(dir, 'activities/lost.ts'), 'export default 1;');
  await writeFile(join(dir, 'activities/rates.ts'), 'export const rate = 2;');
  await append('activities/index.ts', "export { rate } from './rates';");
  await append('workflows/reminder.ts', "// import './deep/lost'\nexport type { days } from './shared.mjs';");
  expect(await remarks()).toEqual([
    { where: 'activities/lost.ts', wrong: false },
    { where: 'messages/forgotten', wrong: false },
    { where: 'workflows/deep/lost.ts', wrong: false },
  ]);
});

it('names messages and checks that do not exist, once each, outside comments', async () => {
  await append(
    'workflows/reminder.ts',
    `// j.send('in-a-comment')
     export const never = async (j: { send(name: string): void; check(name: string): void }) => {
       await j.send('nowhere'); await j.send("nowhere"); await j.send('note'); await j.check( 'unasked' );
     };`,
  );
  expect(await remarksOn(await loadContent(dir))).toMatchObject([
    { where: 'workflows/reminder.ts', what: expect.stringMatching(/sends 'nowhere'/) as unknown, wrong: true },
    { where: 'workflows/reminder.ts', what: expect.stringMatching(/asks 'unasked'/) as unknown, wrong: true },
  ]);
});

it('names verbs that nothing waits for, and an exit that is not returned', async () => {
  const body = (text: string) =>
    append('workflows/reminder.ts', `export const body${text.length} = async (j: any, then: any) => {\n${text}\n};`);
  await body(`  j.sleep('1 day');`);
  await body(`  await j.sleep('1 day');\n  if (then) { j.exit('x'); }`);
  expect((await remarksOn(await loadContent(dir))).map(({ where, what, wrong }) => [where, what, wrong])).toEqual([
    ['workflows/reminder.ts', 'it calls j.sleep without waiting for it', true],
    ['workflows/reminder.ts', 'it calls j.exit without returning it, and goes on', true],
  ]);
});

it('says nothing of verbs that are awaited, returned or handed on', async () => {
  await append(
    'workflows/reminder.ts',
    `export const fine = async (j: any, a: any) => {
       const early =
         j.now();
       const wait = () =>
         j.sleep('1 day');
       const sent = await
         j.send('note');
       // a remark; j.send('note')
       if (a) return (
         j.exit('a')
       );
       j.now();
       return early ? j.exit('b') : [wait, sent];
     };`,
  );
  expect(await remarks()).toEqual([]);
});

it('asks whether the nearest name was meant, if there is one near', async () => {
  const send = (name: string) => `export const to_${name} = (j: { send(name: string): void }) => j.send('${name}');`;
  await append('workflows/reminder.ts', [send('nite'), send('elsewhere')].join('\n'));
  expect((await remarksOn(await loadContent(dir))).map(({ remedy }) => remedy)).toEqual([
    "Did you mean 'note'? Add it there, or correct the name.",
    'Add it there, or correct the name.',
  ]);
});

it('names experiments whose weights, as they are written, can not be drawn by', async () => {
  await append(
    'workflows/reminder.ts',
    `export const draws = async (j: { experiment(name: string, weights: object): void }, share: number) => {
       await j.experiment('below', { none: 50, 'some, of: them': -1 });
       await j.experiment("none", { none: 0, some: 0.0, });
       await j.experiment('empty', {});
       await j.experiment('odd', { none: 1, some: Infinity });
       await j.experiment('fine', { none: 0, some: 1e-3 });
       await j.experiment('unknown', { none: 0, some: share });
       await j.experiment('shorthand', { none: 0, share });
       await j.experiment('either', { none: 0, some: share ? 1 : -1 });
       await j.experiment('spread', { none: 0, ...{ some: 1 } });
     };`,
  );
  const remedy = 'Give each variant a number of zero or more, and one at least more.';
  const wrong = (what: string) => ({
    ...{ where: 'workflows/reminder.ts', line: expect.any(Number) as unknown, what, remedy, wrong: true },
  });
  expect(await remarksOn(await loadContent(dir))).toEqual([
    wrong("the experiment 'below': the weight of 'some, of: them' is -1"),
    wrong("the experiment 'none': none of its variants has a weight above zero"),
    wrong("the experiment 'empty': none of its variants has a weight above zero"),
    wrong("the experiment 'odd': the weight of 'some' is Infinity"),
  ]);
});

it('says where it is, by the line of the file with its comments', async () => {
  const before = await readFile(join(dir, 'workflows/reminder.ts'), 'utf8');
  await append(
    'workflows/reminder.ts',
    ['/*', ' * much', ' */', "const a = (j: any) => j.send('nowhere');"].join('\n'),
  );
  await append('workflows/reminder.ts', "// once more\nconst b = (j: any) => j.send('nowhere');");
  const [remark, ...more] = await remarksOn(await loadContent(dir));
  expect(remark).toMatchObject({ line: before.split('\n').length + 4 });
  expect(remarkInWords(remark!)).toMatch(/^workflows\/reminder\.ts:\d+: it sends 'nowhere', .* correct the name\.$/);
  expect(more).toEqual([]);
});

it('names what a journey asks of Node, and what is not as it seems, also in files that it imports', async () => {
  await mkdir(join(dir, 'shared'));
  await writeFile(join(dir, 'shared/prices.ts'), 'export const rates = () =>\n  fetch("https://rates");');
  await writeFile(join(dir, 'shared/types.ts'), 'export const never = process.env.HOME; export type Price = number;');
  await append(
    'workflows/reminder.ts',
    `import { rates } from '../shared/prices';
     import type { Price } from '../shared/types';
     export const asks = async () => {
       const shop = { ...process.env }.SHOP ?? 'fetch(it) by process.env';
       const id = globalThis.crypto.randomUUID();
       await new Promise((resolve) => setTimeout(resolve, 10));
       const inEarnest = process.env.NODE_ENV === 'production';
       return [shop, id, inEarnest, Date.now(), new Date(), Math.random(), rates];
     };`,
  );
  const from = (await readFile(join(dir, 'workflows/reminder.ts'), 'utf8'))
    .split('\n')
    .findIndex((line) => /rates \}/.test(line));
  const said = (await remarksOn(await loadContent(dir))).map(
    ({ where, line, what, wrong }) =>
      `${where}:${line! - (where === 'workflows/reminder.ts' ? from : 0)} ${what.split(/[,(]/)[0]} ${wrong}`,
  );
  expect(said).toEqual([
    'shared/prices.ts:2 it asks for fetch true',
    'workflows/reminder.ts:4 it asks for process true',
    'workflows/reminder.ts:5 it asks for crypto true',
    'workflows/reminder.ts:6 it waits by setTimeout false',
    'workflows/reminder.ts:7 it asks for process.env.NODE_ENV false',
    'workflows/reminder.ts:8 it takes the time from Date false',
    'workflows/reminder.ts:8 it draws by Math.random false',
  ]);
});

it('says nothing of dates that are given, of names that are the file’s own, and of what checks ask', async () => {
  await append('activities/index.ts', 'export const home = process.env.HOME;');
  await append(
    'workflows/reminder.ts',
    `import { rate as fetch, type File } from './shared.mjs';
     export const fine = (j: any, process: { env: string }, file: File) => {
       const crypto = { id: 1 };
       const times = [new Date(j.now()), new Date(0).getTime(), Date.parse('2026-01-01'), Math.max(1, 2)];
       return [j.fetch(process.env), fetch(crypto.id), times, file.setTimeout(1), "process.env", \`\${j.Buffer.x}\`];
     };`,
  );
  await writeFile(join(dir, 'workflows/shared.mts'), 'export const rate = (n: number) => n; export type File = any;');
  expect(await remarks()).toEqual([]);
});

async function append(file: string, text: string): Promise<void> {
  await writeFile(join(dir, file), `${await readFile(join(dir, file), 'utf8')}\n${text}\n`);
}
