/** Downloads Temporal's programs from where its SDKs have them: https://temporal.download, an address in JSON first. */
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { Log } from './errors';
import { halfName, install } from './executable';

export interface Download {
  program: 'cli' | 'temporal-test-server';
  place: string;
  log: Log;
  /** Where to ask instead of `https://temporal.download`. */
  origin?: string;
  /** Given up after so long without an answer, or without another byte. */
  withoutAnswerMs?: number;
  /** Gives up at once. */
  signal?: AbortSignal;
}

/** Downloads, unpacks and installs the program. Throws an `Error` that says in a few words why it can't. */
export async function downloadTemporal(wanted: Download): Promise<string> {
  const { program, place, log, origin = 'https://temporal.download', withoutAnswerMs = 20_000 } = wanted;
  const silence = new Silence(withoutAnswerMs);
  const signal = AbortSignal.any([silence.signal, ...(wanted.signal ? [wanted.signal] : [])]);
  const work = await halfName(place);
  try {
    await mkdir(work);
    const info = await fetch(`${origin}/${program}/default?${query(program).toString()}`, { signal });
    if (!info.ok) throw new Error(`it answered ${info.status}`);
    const { archiveUrl, fileToExtract } = (await info.json()) as { archiveUrl: string; fileToExtract: string };
    silence.heard();
    log(`downloading ${archiveUrl}`);
    const archive = join(work, basename(new URL(archiveUrl).pathname));
    const response = await fetch(archiveUrl, { signal });
    if (!response.ok || !response.body) throw new Error(`${archiveUrl} answered ${response.status}`);
    const listening = new Transform({
      transform(chunk, _encoding, done) {
        silence.heard();
        done(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(response.body), listening, createWriteStream(archive));
    silence.end();
    await promisify(execFile)('tar', ['-xf', archive, '-C', work]);
    const complete = `${work}.complete`;
    await rename(join(work, fileToExtract), complete);
    return await install(complete, place);
  } catch (error) {
    if (silence.signal.aborted) throw new Error(`no answer within ${withoutAnswerMs / 1000} s`, { cause: error });
    throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
  } finally {
    silence.end();
    await rm(work, { recursive: true, force: true });
  }
}

function query(program: Download['program']): URLSearchParams {
  const { version } = createRequire(import.meta.url)('@temporalio/client/package.json') as { version: string };
  const params = new URLSearchParams({
    arch: arch() === 'x64' ? 'amd64' : arch(),
    platform: platform() === 'win32' ? 'windows' : platform(),
    'sdk-name': 'sdk-typescript',
    'sdk-version': version,
  });
  if (program === 'cli') params.set('format', 'tar.gz');
  return params;
}

/** Aborts when nothing is heard for so long. */
class Silence {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  constructor(private readonly limitMs: number) {
    this.heard();
  }
  get signal(): AbortSignal {
    return this.controller.signal;
  }
  heard(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.controller.abort(), this.limitMs);
  }
  end(): void {
    clearTimeout(this.timer);
  }
}
