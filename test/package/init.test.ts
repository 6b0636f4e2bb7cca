/**
 * A team's own project: made by `sojourn init` with this engine packed as npm packs it, installed from the registry in a
 * folder outside the repository, tested by its own tests and started by its own `npm start`.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../src/embedded';
import { initProject } from '../../src/init';
import { scratchFolder, until } from '../support';
import { init, npm, registryAnswers, start } from './project';

const minutes = 60_000;
const online = await registryAnswers();
const parent = await scratchFolder();

describe.skipIf(!online)('a project of its own (skipped where npm reaches no registry)', () => {
  const dir = join(parent, 'my-journeys');
  beforeAll(async () => {
    const made = await init(parent, 'my-journeys', '--json');
    expect(made.code, made.output).toBe(0);
    const { files, next } = JSON.parse(made.stdout) as { files: string[]; next: string[] };
    expect(next).toEqual(['cd my-journeys', 'npm install', 'npm test', 'npm start']);
    expect(files).toEqual(
      expect.arrayContaining(['events.ts', 'workflows/onboarding.ts', 'docker-compose.yml', '.env.example']),
    );
    const installed = await npm(dir, 'install', '--no-audit', '--no-fund');
    expect(installed.code, installed.output).toBe(0);
  }, 12 * minutes);

  test('passes its own tests: types and journeys', { timeout: 3 * minutes }, async () => {
    const { code, output } = await npm(dir, 'test');
    expect(code, output).toBe(0);
    expect(output).toMatch(/onboarding\.test\.ts/);
  });

  test('knows its events and messages by name when it compiles', { timeout: 2 * minutes }, async () => {
    const file = join(dir, 'workflows/mistaken.ts');
    const journey = `journey('mistaken', { on: 'add_to_crt' }, async (j) => { await j.send('cart-remindr'); })`;
    await writeFile(file, `import { journey } from '../sojourn';\nexport default ${journey};\n`);
    const { code, output } = await npm(dir, 'exec', 'tsc', '--', '--noEmit');
    await rm(file);
    expect(code).not.toBe(0);
    expect(output).toMatch(/mistaken\.ts.*"add_to_cart"/);
    expect(output).toMatch(/mistaken\.ts.*"cart-reminder"/);
  });

  test('starts, takes an event and runs its journey', { timeout: 4 * minutes }, async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const keys = { write: 'wk_own_project_0123456789abcdef', secret: 'sk_own_project_0123456789abcdef' };
    const running = start(dir, {
      PORT: new URL(url).port,
      SOJOURN_DATA: join(await scratchFolder(), 'data'),
      SOJOURN_WRITE_KEY: keys.write,
      SOJOURN_SECRET_KEY: keys.secret,
    });
    try {
      const ready = until(() => running.output().includes('Sojourn is ready'), { withinMs: 2 * minutes });
      const early = running.ended.then(() => Promise.reject(new Error('it ended')));
      await Promise.race([ready, early]).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${running.output()}`);
      });
      const tracked = await fetch(`${url}/v1/track`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${keys.write}` },
        body: JSON.stringify({ userId: 'u1', event: 'sign_up' }),
      });
      expect(tracked.status).toBe(200);
      const runs = await until(
        async () => {
          const answer = await fetch(`${url}/v1/runs?person=u1`, {
            headers: { authorization: `Bearer ${keys.secret}` },
          });
          const { runs: found } = (await answer.json()) as { runs: { journey: string }[] };
          return found.length > 0 && found;
        },
        { withinMs: minutes, what: 'the run' },
      );
      expect(runs).toMatchObject([{ journey: 'onboarding' }]);
      const page = await fetch(url, { headers: { accept: 'text/html' } });
      expect(await page.text()).toMatch(/<script type="module"/);
    } finally {
      await running.stop();
    }
    expect(running.output()).toMatch(/Stopping/);
  });

  test('holds of the engine what runs, and no more', async () => {
    const engine = join(dir, 'node_modules/sojourn');
    const files = (await readdir(engine, { recursive: true })).map((file) => file.replaceAll('\\', '/'));
    const manifest = JSON.parse(await readFile(join(engine, 'package.json'), 'utf8')) as {
      exports: Record<string, string | Record<string, string>>;
      bin: Record<string, string>;
    };
    const targets = Object.values(manifest.exports).flatMap((to) =>
      typeof to === 'string' ? [to] : Object.values(to),
    );
    for (const target of [...targets, ...Object.values(manifest.bin)])
      expect(existsSync(join(engine, target)), target).toBe(true);
    expect(files).toEqual(expect.arrayContaining(['dist/pages/index.html', 'dist/shop/index.html', 'LICENSE']));
    const wanted = /^(bin|deploy|dist|docs|eslint|src|workflows|activities|messages|test(\/journeys)?)(\/|$)|^[\w.-]+$/;
    expect(files.filter((file) => !wanted.test(file))).toEqual([]);
    expect(
      files.filter((file) =>
        /(^|\/)(\.env|\.sojourn|\.npmrc|\.git|node_modules|secrets|bench)|\.(log|tgz)$/.test(file),
      ),
    ).toEqual(['.env.example']);
    const [archive] = await readdir(join(dir, 'vendor'));
    expect((await stat(join(dir, 'vendor', archive!))).size).toBeLessThan(3_000_000);
  });
});

describe('init refuses', () => {
  test('a folder that holds something, in one line, and writes nothing', { timeout: 2 * minutes }, async () => {
    const parent = await scratchFolder();
    await writeFile(join(parent, 'notes.txt'), 'mine');
    const { code, output } = await init(parent, '.', '--name', 'journeys', '--engine', '^0.1.0');
    expect(code).toBe(1);
    expect(output).toMatch(/^sojourn: .* is not empty: it holds notes\.txt\. Name a folder that is new or empty.*\n$/);
    expect(await readdir(parent)).toEqual(['notes.txt']);
  });

  test('a file', async () => {
    const file = join(await scratchFolder(), 'notes');
    await writeFile(file, 'mine');
    await expect(initProject({ dir: file, engine: '^0.1.0' })).rejects.toThrow(/notes is a file\. Name a folder/);
  });

  test.each([['My Journeys'], ['../up'], ['sojourn'], ['']])("the name '%s'", async (name) => {
    const parent = await scratchFolder();
    await expect(initProject({ dir: join(parent, 'made'), name, engine: '^0.1.0' })).rejects.toThrow(
      /^'.*' can't be the project's name\. Use up to 100 small letters/,
    );
    expect(await readdir(parent)).toEqual([]);
  });
});

describe('what init writes', () => {
  const dir = join(parent, 'shop-journeys');
  beforeAll(() => initProject({ dir, engine: '^0.1.0' }));
  const written = (file: string) => readFile(join(dir, file), 'utf8');

  test('imports the engine by its name alone', async () => {
    const files = (await readdir(dir, { recursive: true })).filter((file) => file.endsWith('.ts'));
    expect(files.length).toBeGreaterThan(15);
    const imports = (await Promise.all(files.map(written))).flatMap((text) => [...text.matchAll(/ from '([^']+)'/g)]);
    const sources = [...new Set(imports.map(([, source]) => source!))];
    expect(sources.filter((source) => /(^|\/)src(\/|$)/.test(source))).toEqual([]);
    expect(sources.filter((source) => !source.startsWith('.')).sort()).toEqual([
      'sojourn',
      'sojourn/testing',
      'vitest',
      'zod',
    ]);
  });

  test('names the project, and what it needs at the versions that the engine is tested with', async () => {
    const own = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as Manifest;
    const manifest = JSON.parse(await written('package.json')) as Manifest;
    expect(manifest).toMatchObject({
      name: 'shop-journeys',
      dependencies: { sojourn: '^0.1.0', zod: own.dependencies['zod'] },
      overrides: own.overrides,
      allowScripts: own.allowScripts,
    });
    expect(own.devDependencies).toMatchObject(manifest.devDependencies);
    expect(await written('README.md')).toMatch(/^# shop-journeys\n/);
  });

  test('builds an image of its own on the same base as ours, and keeps secrets out of it', async () => {
    const ours = await readFile(new URL('../../Dockerfile', import.meta.url), 'utf8');
    const base = (text: string) => [...new Set([...text.matchAll(/^FROM (node:\S+)/gm)].map((match) => match[1]))];
    const dockerfile = await written('Dockerfile');
    expect(base(dockerfile)).toEqual(base(ours));
    const command = /"(deploy\/[\w.-]+)"/.exec(dockerfile)?.[1];
    expect(existsSync(join(dir, command!))).toBe(true);
    const compose = await written('docker-compose.yml');
    expect(compose).toMatch(/^name: shop-journeys$/m);
    expect(compose).toMatch(/^ {2}image: shop-journeys$/m);
    for (const file of ['.gitignore', '.dockerignore']) expect(await written(file)).toMatch(/^\.env\*$/m);
  });
});

interface Manifest {
  name: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  overrides: Record<string, string>;
  allowScripts: Record<string, boolean>;
}
