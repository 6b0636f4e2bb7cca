/**
 * What a bundling looks like from inside: names for its modules that are the same on every machine, what was imported
 * that the sandbox does not have, and what else went wrong, said by file.
 */
import { isBuiltin } from 'node:module';
import path from 'node:path';
import type { Logger } from '@temporalio/worker';
import type { WebpackConfiguration } from '@temporalio/worker/lib/worker-options';
import { ContentError } from '../../errors';

type Plugin = Extract<NonNullable<NonNullable<WebpackConfiguration['plugins']>[number]>, { apply: unknown }>;
type Externals = WebpackConfiguration['externals'];
type Module = { nameForCondition(): string | null } | null;
interface Request {
  request?: string;
  contextInfo?: { issuer?: string };
}
interface Folders {
  root: string;
  packageRoot: string;
}

const pluginName = 'sojourn';
/** Built-ins that the SDK replaces by versions of its own. */
const replaced = ['assert', 'url', 'util'];
const outside = ['@temporalio/client', '@temporalio/worker', '@temporalio/activity', 'express', 'pg', 'kysely'];

export function stableNames({ root, packageRoot, entryDir }: Folders & { entryDir: string }) {
  /** A path without what differs between machines. */
  const stable = (name: string) =>
    name
      .replace(/^.*node_modules\//, 'node_modules/')
      .replaceAll(entryDir, 'bundle')
      .replaceAll(path.relative(packageRoot, entryDir), 'bundle')
      .replaceAll(`${root}/`, '')
      .replaceAll(`${packageRoot}/`, '');
  const plugin: Plugin = {
    apply(compiler) {
      compiler.hooks.compilation.tap(pluginName, (compilation) => {
        compilation.hooks.moduleIds.tap(pluginName, (modules) => {
          const taken = new Set<string>();
          for (const module of modules) {
            const base = stable(module.nameForCondition() ?? module.identifier());
            let id = base;
            for (let again = 2; taken.has(id); again++) id = `${base} ${again}`;
            taken.add(id);
            compilation.chunkGraph.setModuleId(module, id);
          }
        });
      });
    },
  };
  return { plugin, forSourceMap: (info: { absoluteResourcePath: string }) => stable(info.absoluteResourcePath) };
}

interface Import {
  from: string;
  what: string;
}

export function bundleInspection({ root, packageRoot }: Folders) {
  const forbidden: Import[] = [];
  const ours: Import[] = [];
  /** Which packages a package imports. */
  const needs = new Map<string, Set<string>>();
  const complaints: ContentError[] = [];
  let read: string[] = [];

  const where = (file: string) => path.relative(file.startsWith(`${root}/`) ? root : packageRoot, file);

  const note = (from: string, what: string) => {
    const bare = what.replace(/^node:/, '');
    const isOutside = outside.some((name) => what === name || what.startsWith(`${name}/`));
    if (isOutside || (isBuiltin(what) && !replaced.includes(bare))) forbidden.push({ from, what });
    const to = packageOf(`node_modules/${what}`);
    if (to === undefined || what.startsWith('.')) return;
    const by = packageOf(from);
    if (by === undefined) ours.push({ from, what });
    else needs.set(by, (needs.get(by) ?? new Set()).add(to));
  };

  const reaches = (from: string, to: string, seen = new Set<string>()): boolean => {
    if (from === to) return true;
    seen.add(from);
    return [...(needs.get(from) ?? [])].some((next) => !seen.has(next) && reaches(next, to, seen));
  };

  const plugin: Plugin = {
    apply(compiler) {
      compiler.hooks.done.tap(pluginName, ({ compilation }) => {
        read = [...compilation.fileDependencies];
        for (const problem of [...compilation.errors, ...compilation.warnings]) {
          const file = (problem as { module?: Module }).module?.nameForCondition(); // webpack's own errors have one
          const missing = /'(default)' \(imported as .*\) was not found in '(?:sojourn-content\/)?(.*?)'/.exec(
            problem.message,
          );
          if (missing?.[2]) {
            complaints.push(
              new ContentError(missing[2], 'it has no default export', 'Write `export default journey(…)`.'),
            );
          } else if (compilation.errors.includes(problem)) {
            complaints.push(
              new ContentError(
                file ? where(file) : 'workflows',
                firstLines(problem.message),
                'Correct it and start again.',
              ),
            );
          }
        }
      });
    },
  };

  /** The first import that the sandbox lacks, named by the file of ours that brings it in. */
  const forbiddenImport = (): ContentError | undefined => {
    for (const { from, what } of forbidden) {
      const culprit = packageOf(from);
      const cause = ours.find(
        (own) => culprit !== undefined && reaches(packageOf(`node_modules/${own.what}`) ?? '', culprit),
      );
      if (culprit !== undefined && !cause) continue;
      return new ContentError(
        where(cause?.from ?? from),
        `it imports '${cause?.what ?? what}'${cause ? ` (which needs '${what}')` : ''}, ` +
          `which Temporal's sandbox does not have: a journey is replayed, and must come to the same each time`,
        'Ask for it in a check in activities/, and use `import type` where only types are needed.',
      );
    }
    return undefined;
  };

  return {
    logger: silent,
    plugin,
    inputs: () => read,
    watchImports:
      (original: Externals): Externals =>
      async (data: Request) => {
        note(data.contextInfo?.issuer ?? '', data.request ?? '');
        if (typeof original !== 'function') return undefined;
        return await (original as (data: Request) => Promise<undefined>)(data);
      },
    /** Throws for what bundled, and yet can't run. */
    refuse(): void {
      const [first] = complaints;
      if (first) throw first;
    },
    explain: (error: unknown): unknown => forbiddenImport() ?? complaints[0] ?? error,
  };
}

/** The package that a file or a request belongs to, if it is in one. */
const packageOf = (name: string): string | undefined => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1];

function firstLines(message: string): string {
  const plain = message
    .replace(/\u001b\[[0-9;]*m/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return plain.slice(0, 6).join('\n').trim();
}

const silent: Logger = {
  log: () => undefined,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
