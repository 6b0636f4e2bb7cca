import { chmod, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { findRunningPostgres, startPostgres, type EmbeddedPostgres } from '../../src/embedded';
import { scratchFolder, until } from '../support';

let dataDir: string;
let lines: string[];
const log = (line: string): void => void lines.push(line);
const start = (options: { port?: number } = {}): Promise<EmbeddedPostgres> =>
  startPostgres({ dataDir, log, ...options });

beforeEach(async () => {
  dataDir = await scratchFolder();
  lines = [];
});

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  test('starts in a fresh folder, keeps its data, and comes back on the same address', async () => {
    const first = await start();
    await query(first.url, 'create table kept as select 42 as answer');
    expect(await findRunningPostgres(dataDir)).toEqual({ url: first.url, owner: process.pid });
    await first.stop();
    expect(await findRunningPostgres(dataDir)).toBeUndefined();
    await expect(query(first.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await second.stop();
  });

  test('starts on a machine that is so busy that connections take seconds', async () => {
    const server = await startPostgres({ dataDir, log, settings: { pre_auth_delay: '3' } });
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  test('keeps its password for the owner only, listens on loopback only, and takes no other password', async () => {
    const server = await start();
    const note = await stat(join(dataDir, 'postgres.json'));
    expect(note.mode & 0o777).toBe(0o600);
    expect(await query(server.url, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    const wrong = new URL(server.url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
    await server.stop();
  });

  test('is started again, visibly, when it is killed; what was committed is there', async () => {
    const server = await start();
    await query(server.url, 'create table kept as select 1 as one');
    const before = server.pid();
    process.kill(before ?? 0, 'SIGKILL');
    await until(() => lines.includes('PostgreSQL is back'), { what: 'PostgreSQL' });
    expect(server.pid()).not.toBe(before);
    expect(lines).toContain('PostgreSQL died (SIGKILL); starting it again in 0.5 s');
    expect(await query(server.url, 'select one from kept')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  test('takes another port when its own was taken meanwhile', async () => {
    const first = await start();
    await first.stop();
    const squatter = createServer().listen(first.port, '127.0.0.1');
    await once(squatter, 'listening');
    const second = await start();
    expect(second.port).not.toBe(first.port);
    await expect(start({ port: first.port })).rejects.toThrow(`another Sojourn (process ${process.pid}) is running it`);
    await second.stop();
    await expect(start({ port: first.port })).rejects.toThrow(`port ${first.port} on 127.0.0.1 is taken`);
    squatter.close();
  });

  test('an initdb that was interrupted leaves nothing in the way', async () => {
    const half = join(dataDir, 'postgres.half-dead', 'data');
    await mkdir(half, { recursive: true });
    await writeFile(join(half, 'PG_VERSION'), '18\n');
    const server = await start();
    await server.stop();
    expect((await readdir(dataDir)).filter((name) => name.includes('half'))).toEqual([]);
  });

  test('a half-written folder is named with what to do, and left as it is', async () => {
    const folder = join(dataDir, 'postgres');
    await mkdir(folder);
    await writeFile(join(folder, 'PG_VERSION'), '18\n');
    await expect(start()).rejects.toThrow(`PostgreSQL: its data in ${folder} can't be used: parts of it are missing. `);
    expect(await readdir(folder)).toEqual(['PG_VERSION']);
  });

  test('data of another version is named', async () => {
    await (await start()).stop();
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '15\n');
    await expect(start()).rejects.toThrow('it was made by PostgreSQL 15, and this is PostgreSQL 18');
  });

  test('a damaged control file is one clear line', async () => {
    await (await start()).stop();
    await writeFile(join(dataDir, 'postgres', 'global', 'pg_control'), 'nonsense');
    const error = await start().catch((failure: unknown) => failure);
    expect(String(error)).toContain(`its data in ${join(dataDir, 'postgres')} can't be used`);
    expect(String(error).split('\n')).toHaveLength(1);
  });

  test('one that a killed Sojourn left running is taken down, and its data used', async () => {
    const program = `import { startPostgres } from ${JSON.stringify(join(process.cwd(), 'src/embedded/index.ts'))};
      const server = await startPostgres({ dataDir: process.argv[2], log: () => undefined });
      console.log(server.pid());
      setInterval(() => undefined, 1000);`;
    const file = join(dataDir, 'owner.mts');
    await writeFile(file, program);
    const owner = spawn(process.execPath, ['--import', 'tsx', file, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(owner.stdout, 'data')) as [Buffer];
    const orphan = Number(said.toString());
    await expect(start()).rejects.toThrow(
      `another Sojourn (process ${owner.pid}) is running it on the same data folder`,
    );
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(() => process.kill(orphan, 0)).not.toThrow();

    const server = await start();
    expect(lines).toContain(`PostgreSQL: stopping what an earlier start left running (process ${orphan})`);
    expect(server.pid()).not.toBe(orphan);
    await server.stop();
  });
});

test('as root, a data folder closed to others is opened for passing through only', async ({ skip }) => {
  if (process.getuid?.() !== 0) skip('needs root');
  await chmod(dataDir, 0o700);
  const server = await start();
  expect((await stat(dataDir)).mode & 0o777).toBe(0o701);
  expect((await stat(join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700);
  await server.stop();
});

test('as root, data that its user can’t reach is kept elsewhere, and the log says where', async ({ skip }) => {
  if (process.getuid?.() !== 0) skip('needs root');
  const above = join(dataDir, 'closed');
  const closed = join(above, 'data');
  await mkdir(closed, { recursive: true });
  await chmod(above, 0o700);
  const server = await startPostgres({ dataDir: closed, log });
  const { folder } = JSON.parse(await readFile(join(closed, 'postgres.json'), 'utf8')) as { folder: string };
  expect(folder).toMatch(/^\/var\/lib\/sojourn\/[0-9a-f]{16}\/postgres$/);
  expect(lines.join('\n')).toContain(`its data is kept in ${folder}`);
  await server.stop();
  const again = await startPostgres({ dataDir: closed, log });
  expect(again.url).toBe(server.url);
  await again.stop();
  await rm(join(folder, '..'), { recursive: true });
});
