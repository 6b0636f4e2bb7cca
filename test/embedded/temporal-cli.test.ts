import { chmod, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findTemporalCli, findTimeSkippingServer, type FoundCli } from '../../src/embedded';
import { scratchFolder } from '../support';

let folder: string;
let cacheDir: string;
let lines: string[];
const servers: Server[] = [];
const nowhere = 'http://127.0.0.1:9';
const log = (line: string): void => void lines.push(line);

beforeEach(async () => {
  folder = await scratchFolder();
  cacheDir = join(folder, 'cache');
  lines = [];
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function program(path: string, script: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

const cli = (name: string): string => `echo "temporal version ${name} (Server 1.29.1)"`;

/** A PATH with the system's own programs, and one folder before them. */
const path = (): string => [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter);

function find(options: { downloadOrigin?: string; downloadWithoutAnswerMs?: number } = {}): Promise<FoundCli> {
  return findTemporalCli({ log, env: { PATH: path() }, cacheDir, downloadOrigin: nowhere, ...options });
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What https://temporal.download does: an address in JSON, and an archive there. */
async function downloads(file: string, script: string): Promise<string> {
  await program(join(folder, 'archive', file), script);
  execFileSync('tar', ['-czf', join(folder, 'archive.tar.gz'), '-C', join(folder, 'archive'), file]);
  const archive = await readFile(join(folder, 'archive.tar.gz'));
  const origin: string = await serve((request, response) => {
    if (request.url?.endsWith('.tar.gz')) response.end(archive);
    else response.end(JSON.stringify({ archiveUrl: `${origin}/archive.tar.gz`, fileToExtract: file }));
  });
  return origin;
}

describe('the Temporal CLI is found', () => {
  test('on the PATH before the cache', async () => {
    await program(join(folder, 'bin', 'temporal'), cli('path'));
    await program(join(cacheDir, 'bin', 'temporal'), cli('cache'));
    expect(await find()).toMatchObject({ from: 'PATH', path: join(folder, 'bin', 'temporal') });
  });

  test('in the cache before a download', async () => {
    await program(join(cacheDir, 'bin', 'temporal'), cli('cache'));
    expect(await find({ downloadOrigin: await downloads('temporal', cli('new')) })).toMatchObject({ from: 'cache' });
  });

  test('elsewhere when what is on the PATH by that name is something else', async () => {
    await program(join(folder, 'bin', 'temporal'), 'echo something else');
    await program(join(cacheDir, 'bin', 'temporal'), cli('cache'));
    expect(await find()).toMatchObject({ from: 'cache' });
  });

  test('by the download before Go, and cached for the next time', async () => {
    await program(join(folder, 'bin', 'go'), 'exit 1');
    const downloadOrigin = await downloads('temporal', cli('downloaded'));
    expect(await find({ downloadOrigin })).toMatchObject({
      from: 'download',
      version: expect.stringMatching('downloaded'),
    });
    expect(await find()).toMatchObject({ from: 'cache' });
    expect(await readdir(join(cacheDir, 'bin'))).toEqual(['temporal']);
  });

  test('by two processes at once, each whole', async () => {
    const downloadOrigin = await downloads('temporal', cli('downloaded'));
    const found = await Promise.all([find({ downloadOrigin }), find({ downloadOrigin })]);
    expect(found.map(({ version }) => version)).toEqual([
      'temporal version downloaded (Server 1.29.1)',
      'temporal version downloaded (Server 1.29.1)',
    ]);
    expect(await readdir(join(cacheDir, 'bin'))).toEqual(['temporal']);
  });

  test('with Go, once the download has given no answer for its time', async () => {
    await program(join(folder, 'bin', 'go'), `printf '#!/bin/sh\\n%s\\n' '${cli('built')}' > "$GOBIN/temporal"`);
    const silent = await serve(() => undefined);
    expect(await find({ downloadOrigin: silent, downloadWithoutAnswerMs: 300 })).toMatchObject({
      from: 'go',
      path: join(cacheDir, 'bin', 'temporal'),
    });
    expect(lines.join('\n')).toContain('the download failed (no answer within 0.3 s)');
    expect(lines.join('\n')).toContain('building its CLI with Go (github.com/temporalio/cli/cmd/temporal@v1.5.1)');
  });

  test('nowhere: one line names the ways, and nothing half is left', async () => {
    await program(join(folder, 'bin', 'go'), 'echo cannot reach the proxy >&2; exit 1');
    const error = await find().catch((failure: unknown) => failure);
    expect(String(error).split('\n')).toHaveLength(1);
    for (const way of [
      'PATH',
      'cache',
      'download failed',
      'cannot reach the proxy',
      'Install Go',
      'TEMPORAL_ADDRESS',
    ]) {
      expect(String(error)).toContain(way);
    }
    expect(await readdir(join(cacheDir, 'bin'))).toEqual([]);
  });

  test('nowhere, and nowhere to put one: says which folder, and asks nobody for it', async () => {
    const bin = join(cacheDir, 'bin');
    await mkdir(cacheDir);
    await writeFile(bin, 'a file');
    await expect(find()).rejects.toThrow(`${bin}, where one would be put, can't be written. Name a folder`);
    expect(lines).toEqual([]);
  });

  test('nowhere and without Go: says so', async () => {
    await expect(find()).rejects.toThrow('no Go on the PATH to build it with');
  });
});

describe('the time-skipping server is found', () => {
  const options = (): Parameters<typeof findTimeSkippingServer>[0] => ({
    log,
    cacheDir,
    env: { PATH: join(folder, 'bin') },
    downloadOrigin: nowhere,
  });

  test('by the SDK’s download first', async () => {
    const downloadOrigin = await downloads('temporal-test-server', 'exit 0');
    const place = join(cacheDir, 'bin', 'temporal-test-server');
    expect(await findTimeSkippingServer({ ...options(), env: { PATH: path() }, downloadOrigin })).toEqual({
      path: place,
    });
    expect(await findTimeSkippingServer(options())).toEqual({ path: place });
  });

  test('not without Java, for a reason that is an answer', async () => {
    expect(await findTimeSkippingServer(options())).toEqual({
      reason: expect.stringMatching(/SDK's download failed .*no Java on the PATH/),
    });
  });

  test('not without Maven, which fetches what Java runs', async () => {
    await program(join(folder, 'bin', 'java'), 'exit 0');
    await symlink('/bin/sh', join(folder, 'bin', 'sh'));
    expect(await findTimeSkippingServer(options())).toEqual({
      reason: expect.stringMatching('there is no Maven on the PATH'),
    });
  });

  test('not from an archive that is not the pinned one', async () => {
    await program(join(folder, 'bin', 'java'), 'exit 0');
    await symlink('/bin/sh', join(folder, 'bin', 'sh'));
    const writes = 'for a in "$@"; do case "$a" in -DoutputDirectory=*) echo bad > "${a#*=}/x.jar";; esac; done';
    await program(join(folder, 'bin', 'mvn'), writes);
    expect(await findTimeSkippingServer(options())).toEqual({
      reason: expect.stringMatching('is not what it should be'),
    });
    expect(await readdir(cacheDir)).toEqual(['bin']);
  });
});
