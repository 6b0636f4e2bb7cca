/**
 * The content that the processes run on: a copy of `content/` for each generation, and a link to the one of today, which
 * a process follows when it starts. So whoever starts has one generation, and not half of the next.
 */
import { cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Db } from '../../src/db';

export interface Contents {
  /** Leads to the newest generation. */
  dir: string;
  /** The newest. */
  generation(): number;
  /** Whoever starts from here on has another generation. */
  next(): Promise<void>;
  close(): Promise<void>;
}

const here = dirname(fileURLToPath(import.meta.url));

/** In this folder, so that the content's imports of the engine lead where they do in `content/`. */
export async function openContents(): Promise<Contents> {
  const dir = await mkdtemp(join(here, '.content-'));
  await rm(dir, { recursive: true });
  const folderOf = (generation: number) => `${dir}-${generation}`;
  let newest = -1;
  const contents: Contents = {
    dir,
    generation: () => newest,
    async next() {
      const generation = newest + 1;
      const folder = folderOf(generation);
      await cp(join(here, 'content'), folder, { recursive: true });
      const file = join(folder, 'generation.ts');
      const code = await readFile(file, 'utf8');
      await writeFile(file, code.replace('generation: number = 0', `generation: number = ${generation}`));
      await symlink(basename(folder), `${dir}-next`);
      await rename(`${dir}-next`, dir);
      newest = generation;
    },
    async close() {
      await rm(dir, { force: true });
      for (let generation = 0; generation <= newest; generation++) {
        await rm(folderOf(generation), { recursive: true, force: true });
      }
    },
  };
  await contents.next();
  return contents;
}

/** Of each version that the store has code of: the generation that the code itself says it is. */
export async function generationsOf(db: Db): Promise<Map<string, number>> {
  const bundles = await db.selectFrom('bundles').select(['version', 'code']).execute();
  return new Map(
    bundles.map(({ version, code }) => {
      const [, generation] = /\bgeneration\s*=\s*(\d+)/.exec(gunzipSync(code).toString('utf8')) ?? [];
      if (generation === undefined) throw new Error(`The code of version ${version} does not say its generation.`);
      return [version, Number(generation)];
    }),
  );
}
