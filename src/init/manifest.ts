/** A new project's package.json and tsconfig.json, with the versions and compiler settings that this package is tested with. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from './sources';

const versions = z.record(z.string(), z.string());
const manifest = z.object({
  version: z.string(),
  engines: versions,
  dependencies: versions,
  devDependencies: versions,
  overrides: versions,
  allowScripts: z.record(z.string(), z.boolean()),
});
export type OwnManifest = z.output<typeof manifest>;

/** What a team's content and tests load themselves. */
const used = ['zod'];
const usedInTests = ['@types/node', 'typescript', 'vite', 'vitest'];

export async function readOwnManifest(): Promise<OwnManifest> {
  return manifest.parse(JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')));
}

export function manifestFor({ name, engine, own }: { name: string; engine: string; own: OwnManifest }): string {
  const pick = (from: Record<string, string>, names: string[]) =>
    Object.fromEntries(
      names.map((one) => {
        const version = from[one];
        if (version === undefined) throw new Error(`package.json of sojourn names no ${one}`);
        return [one, version];
      }),
    );
  return asJson({
    name,
    private: true,
    type: 'module',
    engines: own.engines,
    scripts: { start: 'sojourn start', test: 'tsc --noEmit && vitest run' },
    dependencies: { sojourn: engine, ...pick(own.dependencies, used) },
    devDependencies: pick(own.devDependencies, usedInTests),
    // npm reads these of the project it installs in alone, not of a package in it.
    overrides: own.overrides,
    allowScripts: own.allowScripts,
  });
}

export async function tsconfigFor(): Promise<string> {
  const own = z
    .object({ compilerOptions: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(await readFile(join(packageRoot, 'tsconfig.json'), 'utf8')));
  const { compilerOptions } = own;
  return asJson({ compilerOptions, include: ['*.ts', 'workflows', 'activities', 'messages', 'test'] });
}

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
