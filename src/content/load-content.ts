import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Check } from '../behaviour';
import { nearestName } from '../config';
import { ContentError, SojournError } from '../errors';
import type { Plan } from '../events';
import { loadHeader, type CatalogJourney, type Journey } from '../journey';
import { loadMessages, type CompiledMessage, type Messages, type Topic } from '../messaging';

export interface LoadedJourney extends CatalogJourney {
  journey: Journey;
  /** The file's path, relative to the content folder. */
  file: string;
}

export interface Content {
  /** The folder that holds workflows/, activities/, messages/ and events.ts. */
  dir: string;
  plan: Plan;
  journeys: LoadedJourney[];
  messages: Map<string, CompiledMessage>;
  topics: Topic[];
  checks: Record<string, Check<never, unknown>>;
}

/** Throws a ContentError that names the file, what is wrong and what to do. */
export async function loadContent(dir: string): Promise<Content> {
  const { plan } = await load<{ plan: Plan }>(dir, 'events.ts', 'plan');
  const { messages: definitions } = await load<{ messages: Messages }>(dir, 'messages/index.ts', 'messages');
  const { topics } = await load<{ topics: Topic[] }>(dir, 'messages/topics.ts', 'topics');
  const { checks } = await load<{ checks: Content['checks'] }>(dir, 'activities/index.ts', 'checks');
  const [journeys, messages] = await Promise.all([
    loadJourneys(dir, plan, topics),
    loadMessages(join(dir, 'messages'), definitions, topics),
  ]);
  return { dir, plan, journeys, messages, topics, checks };
}

async function loadJourneys(dir: string, plan: Plan, topics: Topic[]): Promise<LoadedJourney[]> {
  const names = await readdir(join(dir, 'workflows')).catch(() => []);
  const files = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts')).sort();
  if (files.length === 0) {
    throw new ContentError(
      'workflows/',
      'there are no journeys',
      `Start in a folder that has them, or write one: ${dir}`,
    );
  }
  const fileOf = new Map<string, string>();
  const loaded: LoadedJourney[] = [];
  for (const name of files) {
    const file = `workflows/${name}`;
    const { default: journey } = await load<{ default: Journey | ((...args: never[]) => unknown) }>(
      dir,
      file,
      'default',
    );
    // A plain Temporal workflow function gets the same activities, and is nothing that the router starts.
    if (typeof journey === 'function') continue;
    const other = fileOf.get(journey.id);
    if (other !== undefined) {
      throw new ContentError(
        file,
        `its id '${journey.id}' is that of ${other} too`,
        'Give each journey an id of its own.',
      );
    }
    fileOf.set(journey.id, file);
    const expected = basename(name, '.ts');
    if (journey.id !== expected) {
      throw new ContentError(
        file,
        `its id '${journey.id}' is not the file's name`,
        `Write journey('${expected}', …), or rename the file to ${journey.id}.ts.`,
      );
    }
    const header = loadHeader(journey.id, journey.header, { events: plan.names, nearest: nearestName });
    if (header.topic !== undefined && !topics.some((topic) => topic.id === header.topic)) {
      const ids = topics.map((topic) => topic.id);
      const meant = nearestName(ids, header.topic);
      const remedy = `${meant === undefined ? '' : `Did you mean '${meant}'? `}Add it to messages/topics.ts, or correct it.`;
      throw new ContentError(file, `topic '${header.topic}' does not exist`, remedy);
    }
    loaded.push({ id: journey.id, file, journey, header });
  }
  return loaded;
}

async function load<M extends object>(dir: string, file: string, name: keyof M & string): Promise<M> {
  const path = join(dir, file);
  if (!existsSync(path))
    throw new ContentError(file, `there is no such file in ${dir}`, 'Start where your journeys are.');
  let module: unknown;
  try {
    module = await import(pathToFileURL(path).href);
  } catch (error) {
    // A word of a header knows no file: `absent('login', '7 dayz')`.
    if (error instanceof ContentError && file.startsWith('workflows/')) {
      throw new ContentError(`${file}, ${error.where}`, error.what, error.remedy);
    }
    if (error instanceof SojournError) throw error;
    throw refusalOf(dir, file, error);
  }
  if (typeof module !== 'object' || module === null || !(name in module)) {
    throw new ContentError(
      file,
      `it does not export '${name}'`,
      `Write export ${name === 'default' ? 'default' : `const ${name} =`} …`,
    );
  }
  // The compiler holds these files against the same types; what it can't see is checked where it is used.
  return module as M;
}

/** Names the file and line that threw or can't be parsed, which may be one that the loaded file imports. */
function refusalOf(dir: string, file: string, error: unknown): ContentError {
  const text = error instanceof Error ? error.message : String(error);
  // What the compiler can't parse: `Transform failed with 1 error:`, then a line for each.
  const [, unparsed, row, why] = /^(\/.*|[A-Z]:.*):(\d+):\d+: ERROR: (.*)$/m.exec(text) ?? [];
  if (unparsed && row && why) {
    return new ContentError(
      withinOf(dir, unparsed) ?? unparsed,
      `it can't be loaded: line ${row}: ${why}`,
      'Correct it.',
    );
  }
  for (const [, path, line] of (error instanceof Error ? (error.stack ?? '') : '').matchAll(
    /\(?((?:file:\/\/|\/|[A-Z]:)[^()\n]*?):(\d+):\d+\)?$/gm,
  )) {
    const own = withinOf(dir, path!.startsWith('file:') ? fileURLToPath(path!) : path!);
    if (own !== undefined) return new ContentError(own, `it can't be loaded: line ${line}: ${text}`, 'Correct it.');
  }
  return new ContentError(file, `it can't be loaded: ${text}`, 'Correct it.');
}

/** The path relative to the content folder, of a file that a team wrote. */
function withinOf(dir: string, path: string): string | undefined {
  const own = relative(dir, path).replaceAll(sep, '/');
  return own.startsWith('..') || isAbsolute(own) || /(^|\/)node_modules\//.test(own) ? undefined : own;
}
