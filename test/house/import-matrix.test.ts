/** The house stands as it says: modules import downwards and through the front door, content stays thin. */
import { describe, expect, test } from 'vitest';
import { browserApps, entries, inBrowser, modules, pastTheIndex, placeOf, typesAllowed } from './modules';
import { files, graph, importsOf, root, type Import } from './sources';

const show = ({ from, line, source }: Import, why: string) => `${from}:${line} imports ${source}: ${why}`;
/** Loaded by tests and builds alone: the matchers that journeys are tested with, and what builds the pages. */
const developedWith = [
  ['src/prove/matchers.ts', 'vitest'],
  ['src/web/build.ts', 'vite'],
];
const sourceImports = files('src').flatMap(importsOf);

/** Why an import between two files of `src/` is wrong, or undefined. */
function wrong(found: Import): string | undefined {
  const from = placeOf(found.from);
  const to = found.target === undefined ? undefined : placeOf(found.target);
  if (!from || !to || from.module === to.module) return undefined;
  const excused = found.typeOnly && typesAllowed.some((t) => t.from === from.module && t.to === to.module);
  if (to.rank > from.rank && !excused) return `${to.module} stands below ${from.module} in the list`;
  const door = [`src/${to.module}/index.ts`, `src/${to.module}.ts`];
  const isDoor =
    door.includes(found.target!) || pastTheIndex.some((p) => p.from === found.from && p.to === found.target);
  if (!isDoor && !excused) return `go through ${to.module}'s index.ts`;
  return undefined;
}

describe('src/', () => {
  test('every file belongs to a module of the list', () => {
    expect(files('src').filter((file) => !placeOf(file))).toEqual([]);
  });

  test.each([...modules, entries])('%s imports only modules above it, through their index.ts', (module) => {
    const own = sourceImports.filter(({ from }) => placeOf(from)?.module === module);
    expect(own.flatMap((i) => (wrong(i) === undefined ? [] : [show(i, wrong(i)!)]))).toEqual([]);
  });

  test('imports nothing from tests, benches, or (but for types) from content', () => {
    const outside = sourceImports.filter(({ target }) => target !== undefined && !target.startsWith('src/'));
    expect(
      outside.filter((i) => !i.typeOnly).map((i) => show(i, 'content is loaded by its path, not imported')),
    ).toEqual([]);
  });

  test('each exception is used', () => {
    const used = (from: string, to: string) => (i: Import) =>
      placeOf(i.from)?.module === from && i.target !== undefined && placeOf(i.target)?.module === to;
    expect(typesAllowed.filter(({ from, to }) => !sourceImports.some(used(from, to)))).toEqual([]);
    const isPast = (from: string, to: string) => (i: Import) => i.from === from && i.target === to;
    expect(pastTheIndex.filter(({ from, to }) => !sourceImports.some(isPast(from, to)))).toEqual([]);
  });

  test('imports only packages that package.json names as dependencies', async () => {
    const manifest = (await import(`${root}package.json`, { with: { type: 'json' } })) as {
      default: Record<'dependencies' | 'devDependencies', Record<string, string>>;
    };
    const packageOf = (source: string) =>
      source
        .split('/')
        .slice(0, source.startsWith('@') ? 2 : 1)
        .join('/');
    const undeclared = sourceImports.filter(
      ({ from, source, target, typeOnly }) =>
        target === undefined &&
        !source.startsWith('node:') &&
        !typeOnly &&
        !developedWith.some(([file, name]) => file === from && name === source) &&
        manifest.default.dependencies[packageOf(source)] === undefined &&
        !(inBrowser(from) && manifest.default.devDependencies[packageOf(source)] !== undefined),
    );
    expect(undeclared.map((i) => show(i, 'not in dependencies (or a Node built-in without node:)'))).toEqual([]);
  });
});

test.each(browserApps)('%s takes nothing but types from the rest of src/', (app) => {
  const own = sourceImports.filter(({ from }) => from.startsWith(app));
  expect(own).not.toEqual([]);
  const taken = own.filter(({ target, typeOnly }) => !typeOnly && target !== undefined && !target.startsWith(app));
  expect(taken.map((i) => show(i, 'a browser has no engine: import its types'))).toEqual([]);
});

describe('the matrix sees', () => {
  const at = (from: string, target: string, typeOnly = false): Import => ({
    from,
    target,
    typeOnly,
    source: '',
    line: 1,
  });

  test('an import upwards', () => {
    expect(wrong(at('src/people/merge.ts', 'src/routing/index.ts'))).toMatch('routing stands below people');
  });
  test('a way past the front door', () => {
    expect(wrong(at('src/routing/decide.ts', 'src/people/merge.ts'))).toMatch("go through people's index.ts");
  });
  test('a value where only a type is excused', () => {
    expect(wrong(at('src/db/schema.ts', 'src/journey/header.ts', true))).toBeUndefined();
    expect(wrong(at('src/db/schema.ts', 'src/journey/header.ts'))).toMatch('journey stands below db');
  });
});

describe('content', () => {
  /** Where a value may come from, by the folder that wants it. */
  const allowed: Record<string, RegExp> = {
    workflows: /^(workflows\/|sojourn\.ts$)/,
    activities: /^(activities\/|src\/index\.ts$)/,
    messages: /^(messages\/|src\/index\.ts$)/,
    'events.ts': /^src\/index\.ts$/,
    'sojourn.ts': /^src\/index\.ts$/,
  };

  test.each(Object.entries(allowed))('%s imports only what it may', (place, may) => {
    const own = place.endsWith('.ts') ? [place] : files(place);
    expect(own).not.toEqual([]);
    const refused = own
      .flatMap(importsOf)
      .filter(({ target, typeOnly }) => target !== undefined && !typeOnly && !may.test(target));
    expect(refused.map((i) => show(i, `${place} may import ${may.source}`))).toEqual([]);
  });

  test('sojourn.ts knows events, messages and checks by their types alone', () => {
    const content = importsOf('sojourn.ts').filter(({ target }) =>
      /^(events\.ts|messages\/|activities\/)/.test(target ?? ''),
    );
    expect(content.map(({ target }) => target).sort()).toEqual([
      'activities/index.ts',
      'events.ts',
      'messages/index.ts',
    ]);
    expect(content.filter(({ typeOnly }) => !typeOnly)).toEqual([]);
  });
});

describe("Temporal's sandbox", () => {
  test('reaches no package but the workflow SDK, and no file outside the pure folders', () => {
    const loaded = graph([
      'src/index.ts',
      ...files('workflows'),
      ...files('src/runtime/temporal'),
      ...files('src/journey'),
      'sojourn.ts',
    ]);
    const pure =
      /^(workflows\/|sojourn\.ts$|src\/(journey|behaviour|runtime\/temporal)\/|src\/(index|errors|events\/plan|messaging\/message)\.ts$)/;
    expect(loaded.files.filter((file) => !pure.test(file))).toEqual([]);
    const may = ['@temporalio/workflow', '@temporalio/common', 'luxon'];
    expect([...loaded.packages].filter(([name]) => !may.includes(name))).toEqual([]);
  });

  test('pure modules are free of Temporal: the simulated clock runs the same code', () => {
    const loaded = graph([...files('src/journey'), ...files('src/behaviour')]);
    expect([...loaded.packages].filter(([name]) => name !== 'luxon')).toEqual([]);
  });
});
