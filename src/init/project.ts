/**
 * Makes a team's own project in an empty folder. The content is the one that this package ships and tests, copied file by
 * file: only its import of the engine is written anew. Nothing that is there already is overwritten.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SojournError } from '../errors';
import { engineFor } from './engine';
import { manifestFor, readOwnManifest, tsconfigFor } from './manifest';
import { contentFiles, deployFiles, templateFiles, type ProjectFile } from './sources';

export interface InitOptions {
  dir: string;
  /** Of the package; the folder's own unless given. */
  name?: string;
  /** Where the engine comes from, as npm takes it: a version, or `file:…`. This one unless given. */
  engine?: string;
  /** Gets a line of what takes long. */
  say?: (line: string) => void;
}

export interface NewProject {
  dir: string;
  name: string;
  /** Relative to the folder. */
  files: string[];
}

class BadProject extends SojournError {
  readonly code = 'bad_project';
}

/** Throws for a name that npm refuses, and for a folder that holds something. */
export async function initProject({ dir, name, engine: given, say = () => {} }: InitOptions): Promise<NewProject> {
  const folder = resolve(dir);
  const packageName = name ?? basename(folder);
  if (!/^[a-z0-9][a-z0-9_-]{0,99}$/.test(packageName) || packageName === 'sojourn') {
    const taken = packageName === 'sojourn' ? "; 'sojourn' is the engine's" : '';
    throw new BadProject(
      `'${packageName}' can't be the project's name. Use up to 100 small letters, digits and dashes, as in --name my-journeys${taken}`,
    );
  }
  await refuseFull(folder);

  // All is read before anything is written: a folder that holds half a project would be refused the next time.
  const own = await readOwnManifest();
  const copied: ProjectFile[] = [
    { path: 'tsconfig.json', text: await tsconfigFor() },
    ...(await templateFiles(packageName)),
    ...(await contentFiles()),
    ...(await deployFiles(packageName)),
  ];
  const engine = given === undefined ? await engineFor(folder, own.version, say) : { spec: given, files: [] };
  const manifest = { path: 'package.json', text: manifestFor({ name: packageName, engine: engine.spec, own }) };
  const files = [manifest, ...copied];
  say(`Writing ${files.length} files`);
  for (const { path, text } of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: 'wx' });
  }
  return { dir: folder, name: packageName, files: [...files.map(({ path }) => path), ...engine.files].sort() };
}

/** A repository without files is an empty folder, too. */
async function refuseFull(folder: string): Promise<void> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') throw new BadProject(`${folder} is a file. Name a folder that is new or empty.`);
    throw error;
  });
  const [first, ...more] = there.filter((name) => name !== '.git').sort();
  if (first === undefined) return;
  const also = more.length > 0 ? ` and ${more.length} more` : '';
  throw new BadProject(
    `${folder} is not empty: it holds ${first}${also}. Name a folder that is new or empty; nothing was written.`,
  );
}
