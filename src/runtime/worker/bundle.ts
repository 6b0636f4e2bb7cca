/**
 * Bundles the journeys of `workflows/` for Temporal's sandbox. The version is a hash of the code: equal inputs give
 * equal versions on every machine and in every folder, so that a restart with the same code is not a deploy.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { WebpackConfiguration } from '@temporalio/worker/lib/worker-options';
import { ContentError } from '../../errors';
import type { RunLimits } from '../temporal';
import { cachedBundle, type CacheKey } from './bundle-cache';
import type { Bundle } from './bundle-store';
import { bundleInspection, stableNames } from './bundle-inspection';

const packageRoot = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
/** The node_modules that holds Temporal's SDK: ours, or that of the team's project which we are a part of. */
const sdkFolder = createRequire(import.meta.url)
  .resolve('@temporalio/workflow')
  .replace(/(.*[\\/]node_modules)[\\/].*/, '$1');

export interface BuildOptions {
  /** The folder that holds `workflows/`. */
  contentDir: string;
  /** Where built bundles are kept, so that unchanged inputs are not bundled again. Unset: they always are. */
  cacheDir?: string;
  /** Limits of runs other than the usual ones, for tests: such a bundle is not cached. */
  limits?: RunLimits;
}

/** Throws a `ContentError` that names the file when a journey can't be bundled. */
export async function buildBundle({ contentDir, cacheDir, limits }: BuildOptions): Promise<Bundle> {
  const root = path.resolve(contentDir);
  const files = await journeyFiles(root);
  const key: CacheKey = {
    cacheDir: limits ? undefined : cacheDir,
    files: files.map((file) => path.join(root, 'workflows', file)),
    packageRoot,
  };
  return cachedBundle(key, () => bundle(root, files, limits));
}

async function journeyFiles(root: string): Promise<string[]> {
  const folder = path.join(root, 'workflows');
  if (!existsSync(folder)) {
    throw new ContentError('workflows', `there is no such folder in ${root}`, 'Journeys are files in workflows/.');
  }
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /(?<!\.test|\.d)\.ts$/.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}

async function bundle(root: string, files: string[], limits?: RunLimits): Promise<Bundle & { inputs: string[] }> {
  const entryDir = await mkdtemp(path.join(tmpdir(), 'sojourn-bundle-'));
  const inspection = bundleInspection({ root, packageRoot });
  try {
    await mkdir(entryDir, { recursive: true });
    const entry = path.join(entryDir, 'sojourn-entry.ts');
    await writeFile(entry, entrySource(files, limits));
    const names = stableNames({ root, packageRoot, entryDir });
    const { code } = await bundleWorkflowCode({
      workflowsPath: entry,
      // What runs journeys keeps nothing of a run in its modules, so all runs of a worker share them; all else is each
      // run's own.
      preloadModules: ['sojourn-runtime'],
      workflowInterceptorModules: ['sojourn-runtime'],
      logger: inspection.logger,
      webpackConfigHook: (config) => ({
        ...config,
        context: packageRoot,
        module: { ...config.module, rules: config.module?.rules?.map(alsoCompilesUs) },
        resolve: {
          ...config.resolve,
          modules: [...(config.resolve?.modules ?? []), sdkFolder],
          alias: {
            ...config.resolve?.alias,
            'sojourn-content': root,
            'sojourn-runtime$': path.join(packageRoot, 'src/runtime/temporal/index.ts'),
          },
        },
        output: { ...config.output, pathinfo: false, devtoolModuleFilenameTemplate: names.forSourceMap },
        optimization: { ...config.optimization, moduleIds: false },
        externals: inspection.watchImports(config.externals),
        plugins: [...(config.plugins ?? []), names.plugin, inspection.plugin],
      }),
    }).catch((error: unknown) => {
      throw inspection.explain(error);
    });
    inspection.refuse();
    return { version: versionOf(code), code, inputs: inspection.inputs() };
  } finally {
    await rm(entryDir, { recursive: true, force: true });
  }
}

type Rule = NonNullable<NonNullable<WebpackConfiguration['module']>['rules']>[number];

/** The SDK's bundler compiles no TypeScript in node_modules, which is where this package is in a team's project. */
function alsoCompilesUs(rule: Rule): Rule {
  if (typeof rule !== 'object' || !(rule?.exclude instanceof RegExp) || !rule.exclude.test('node_modules')) return rule;
  const own = path.join(packageRoot, 'src') + path.sep;
  return { ...rule, exclude: (file) => file.includes('node_modules') && !file.startsWith(own) };
}

function entrySource(files: string[], limits?: RunLimits): string {
  const imports = files.map((file, i) => `import journey${i} from 'sojourn-content/workflows/${file}';`);
  const entries = files.map((file, i) => `  ${JSON.stringify(path.basename(file, '.ts'))}: journey${i},`);
  return [
    `import { makeDispatcher } from 'sojourn-runtime';`,
    ...imports,
    `export default makeDispatcher({`,
    ...entries,
    limits ? `}, ${JSON.stringify(limits)});` : `});`,
  ].join('\n');
}

/** Source maps are left out: they change with comments, and running code does not read them. */
function versionOf(code: string): string {
  const [running = ''] = code.split('//# sourceMappingURL=data:');
  return createHash('sha256').update(running).digest('hex').slice(0, 16);
}
