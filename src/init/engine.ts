/**
 * Where a new project takes the engine from. Run from the registry's package, it is that version; run from a checkout,
 * which no registry has, the checkout is packed and the project carries the archive in `vendor/`.
 */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SojournError } from '../errors';
import { packageRoot } from './sources';

const run = promisify(execFile);
/** Packing builds the pages first. */
const packWithinMs = 300_000;
const reportEveryMs = 10_000;

class NotPacked extends SojournError {
  readonly code = 'not_packed';
}

export interface Engine {
  /** As a package.json names it. */
  spec: string;
  /** What was put into the project's folder for it. */
  files: string[];
}

export async function engineFor(folder: string, version: string, say: (line: string) => void): Promise<Engine> {
  if (/[\\/]node_modules[\\/]/.test(packageRoot)) return { spec: `^${version}`, files: [] };
  say('Building the pages and packing the engine, which takes half a minute');
  // Not where it belongs at once: a folder that holds half of one would be refused the next time.
  const beside = await mkdtemp(join(tmpdir(), 'sojourn-pack-'));
  try {
    const archive = await pack(beside, say);
    say(`Packed ${archive}`);
    await mkdir(join(folder, 'vendor'), { recursive: true });
    await copyFile(join(beside, archive), join(folder, 'vendor', archive));
    return { spec: `file:vendor/${archive}`, files: [`vendor/${archive}`] };
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

async function pack(into: string, say: (line: string) => void): Promise<string> {
  const begun = Date.now();
  const report = setInterval(() => say(`Still packing (${Math.round((Date.now() - begun) / 1_000)} s)`), reportEveryMs);
  try {
    await run('npm', ['pack', '--silent', '--pack-destination', into], {
      cwd: packageRoot,
      timeout: packWithinMs,
      maxBuffer: 16 * 1024 * 1024,
    });
    const [packed] = await readdir(into);
    if (packed === undefined) throw new Error('npm pack made no archive');
    return packed;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new NotPacked(
      `The engine in ${packageRoot} can't be packed: ${(stderr?.trim() || message).split('\n').at(-1)}. ` +
        'See what npm pack says there, or name the engine with --engine.',
    );
  } finally {
    clearInterval(report);
  }
}
