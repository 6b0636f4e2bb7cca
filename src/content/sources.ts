/** The text of what a team wrote, by its path in the content folder, without comments; lines stay where they are. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Sources = Map<string, string>;

export async function readSources(dir: string): Promise<Sources> {
  const sources: Sources = new Map();
  for (const folder of ['activities', 'messages', 'workflows']) {
    for (const file of await sourcesIn(dir, folder)) {
      const source = await readSource(dir, file);
      if (source !== undefined) sources.set(file, source);
    }
  }
  return sources;
}

/** Of a file that can't be read, nothing: that is not for whoever remarks on it to say. */
const readSource = async (dir: string, file: string): Promise<string | undefined> =>
  readFile(join(dir, file), 'utf8').then(withoutComments, () => undefined);

async function sourcesIn(dir: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(dir, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /(?<!\.test|\.d)\.[cm]?[jt]s$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(dir, sep).length).replaceAll(sep, '/'));
}

const withoutComments = (source: string): string => source.replace(/\/\*[\s\S]*?\*\/|(?<![:'"`\w])\/\/.*$/gm, blank);

export const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** Where an import of this file leads, as it is written there. */
export const importedBy = (file: string, path: string): string =>
  normalize(join(dirname(file), path)).replaceAll(sep, '/');

export const withoutExtension = (path: string): string => path.replace(/\.[cm]?[jt]s$/, '');

/** From 1. */
export const lineAt = (source: string, index: number): number => source.slice(0, index).split('\n').length;

/** Our own, where the content lies in the same folder: it is not a team's. */
const engine = fileURLToPath(new URL('..', import.meta.url));

/** These files and what they lead to, by imports that are no types alone, with their text. */
export async function withImported(dir: string, files: readonly string[], sources: Sources): Promise<Sources> {
  const found: Sources = new Map();
  const coming = [...files];
  for (let file = coming.pop(); file !== undefined; file = coming.pop()) {
    if (found.has(file) || join(dir, file).startsWith(engine)) continue;
    const source = sources.get(file) ?? (await readSource(dir, file));
    if (source === undefined) continue;
    found.set(file, source);
    const imported = /(?<!\b(?:import|export)\s+type\s[^'"]*)\b(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"\n]+)['"]/g;
    for (const [, path] of source.matchAll(imported)) {
      const target = importedBy(file, path!);
      const bare = withoutExtension(target);
      coming.push(
        ...[target, `${bare}.ts`, `${bare}.mts`, `${target}/index.ts`].filter((one) => /\.[cm]?[jt]s$/.test(one)),
      );
    }
  }
  return found;
}
