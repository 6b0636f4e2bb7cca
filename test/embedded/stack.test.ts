import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseConfig, type Env } from '../../src/config';
import { migrate, openDatabase } from '../../src/db';
import { examine, freePort, needPort, startEmbedded, type EmbeddedStack, type Finding } from '../../src/embedded';
import { answers, freshDatabase, freshNamespace, scratchFolder, smtpPeer } from '../support';

const real = process.env;
const configIn = (dataDir: string, env: Env = {}): ReturnType<typeof parseConfig> =>
  parseConfig({ HOME: real.HOME, XDG_CACHE_HOME: real.XDG_CACHE_HOME, SOJOURN_DATA: dataDir, ...env });

async function finding(part: string, config: ReturnType<typeof parseConfig>): Promise<Finding | undefined> {
  return (await examine(config)).find((each) => each.part === part);
}

describe('a stack', () => {
  let dataDir: string;
  let stack: EmbeddedStack;
  const lines: string[] = [];
  beforeAll(async () => {
    dataDir = await scratchFolder();
    stack = await startEmbedded(configIn(dataDir), { log: (line) => lines.push(line) });
  });
  afterAll(() => stack.stop());

  test('comes up with every part, and says so part by part', async () => {
    const db = openDatabase({ url: stack.databaseUrl });
    expect(await migrate(db, Date.now())).toContain('the spine');
    await db.destroy();
    const connection = await Connection.connect({ address: stack.temporalAddress });
    await connection.close();
    expect(stack.inbox?.url).toBe(stack.smtpUrl);
    for (const part of ['PostgreSQL: ready', 'Temporal: ready', 'Inbox: ready']) {
      expect(lines.some((line) => line.startsWith(part))).toBe(true);
    }
    expect(lines).toContainEqual(expect.stringMatching(/^Temporal: starting \(server \d+\.\d+\.\d+, from the \w+\)$/));
  });

  test('has its data folder to itself', async () => {
    await expect(startEmbedded(configIn(dataDir), { log: () => undefined })).rejects.toThrow(
      `data folder: ${dataDir} is in use by another Sojourn (process ${process.pid})`,
    );
  });

  test('uses the real parts that the settings name, and starts none of these', async () => {
    const [database, namespace, peer] = [await freshDatabase(), await freshNamespace(), await smtpPeer()];
    const other = await startEmbedded(
      configIn(await scratchFolder(), {
        DATABASE_URL: database.url,
        TEMPORAL_ADDRESS: namespace.address,
        SMTP_URL: peer.url,
      }),
      { log: () => undefined },
    );
    expect(other).toMatchObject({
      databaseUrl: database.url,
      temporalAddress: namespace.address,
      smtpUrl: peer.url,
      embedded: { postgres: false, temporal: false, inbox: false },
    });
    await other.stop();
    await Promise.all([database.drop(), peer.close()]);
  });

  test('that can’t come up leaves nothing running', async () => {
    const folder = await scratchFolder();
    await mkdir(join(folder, 'postgres'));
    await writeFile(join(folder, 'postgres', 'PG_VERSION'), '18\n');
    const config = configIn(folder, { TEMPORAL_ADDRESS: stack.temporalAddress });
    await expect(startEmbedded(config, { log: () => undefined })).rejects.toThrow('parts of it are missing');
    await rm(join(folder, 'postgres'), { recursive: true });
    const again = await startEmbedded(config, { log: () => undefined });
    const db = openDatabase({ url: again.databaseUrl });
    expect(await answers(db)).toBe(true);
    await db.destroy();
    await again.stop();
  });
});

describe('doctor', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await scratchFolder();
  });

  test('says of a machine fit for the embedded stack that it is', async () => {
    const findings = await examine(configIn(dataDir, { PORT: String(await freePort()) }));
    expect(findings.filter(({ state }) => state === 'problem')).toEqual([]);
    expect(findings.map(({ part }) => part)).toEqual([
      'Node.js',
      'data folder',
      'cache',
      'PostgreSQL',
      'Temporal',
      'time-skipping test server',
      'SMTP',
      'port',
    ]);
  });

  test('says which real part does not answer, without its password', async () => {
    const nobody = await freePort();
    const config = configIn(dataDir, {
      DATABASE_URL: `postgres://u:hunter2@127.0.0.1:${nobody}/d`,
      TEMPORAL_ADDRESS: `127.0.0.1:${nobody}`,
      SMTP_URL: `smtp://u:hunter2@127.0.0.1:${nobody}`,
    });
    const findings = await examine(config);
    const problems = findings.filter(({ state }) => state === 'problem').map(({ part }) => part);
    expect(problems).toEqual(expect.arrayContaining(['PostgreSQL', 'Temporal', 'SMTP']));
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  test('finds search attributes that a namespace lacks, and how to add them', async () => {
    const { address, namespace } = await freshNamespace();
    const env = { TEMPORAL_ADDRESS: address };
    expect(
      await finding('search attributes', configIn(dataDir, { ...env, TEMPORAL_NAMESPACE: namespace })),
    ).toMatchObject({
      state: 'ok',
    });
    const unprepared = configIn(dataDir, { ...env, TEMPORAL_NAMESPACE: 'temporal-system' });
    expect(await finding('search attributes', unprepared)).toMatchObject({
      state: 'problem',
      remedy: expect.stringMatching(/^temporal operator search-attribute create .*--name SojournJourney/),
    });
    const none = await finding('Temporal', configIn(dataDir, { ...env, TEMPORAL_NAMESPACE: 'nobody-made-it' }));
    expect(none).toMatchObject({ state: 'problem', detail: expect.stringMatching('nobody-made-it') });
  });

  test('finds real parts that answer', async () => {
    const [database, peer] = [await freshDatabase(), await smtpPeer()];
    const config = configIn(dataDir, { DATABASE_URL: database.url, SMTP_URL: peer.url });
    expect(await finding('PostgreSQL', config)).toMatchObject({ state: 'ok' });
    expect(await finding('SMTP', config)).toMatchObject({ state: 'ok' });
    await Promise.all([database.drop(), peer.close()]);
  });

  test('finds a cache that can not be written: a start does without, but for a Temporal CLI to put there', async () => {
    const file = join(dataDir, 'a-file');
    await writeFile(file, '');
    const config = configIn(dataDir, { SOJOURN_CACHE: join(file, 'cache') });
    const cache = await finding('cache', config);
    expect(cache).toMatchObject({ state: 'missing', detail: expect.stringContaining(join(file, 'cache')) });
    expect((await finding('Temporal', config))?.state).toMatch(/ok|problem/);
  });

  test('finds that a Temporal CLI can not be put into a cache that else can be written', async () => {
    const cacheDir = join(dataDir, 'cache');
    await mkdir(cacheDir);
    await writeFile(join(cacheDir, 'bin'), '');
    const config = configIn(dataDir, { SOJOURN_CACHE: cacheDir });
    vi.stubEnv('PATH', dataDir);
    const [cache, temporal] = [await finding('cache', config), await finding('Temporal', config)];
    vi.unstubAllEnvs();
    expect(cache).toMatchObject({ state: 'ok' });
    expect(temporal).toMatchObject({
      state: 'problem',
      detail: `its CLI is neither on the PATH nor in ${join(cacheDir, 'bin')}, which can't be written`,
    });
  });

  test('finds half-written data and a missing CLI', async () => {
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '18\n');
    const config = configIn(dataDir, { SOJOURN_CACHE: join(dataDir, 'empty') });
    expect(await finding('PostgreSQL', config)).toMatchObject({ state: 'problem' });
    expect((await finding('Temporal', config))?.state).toMatch(/ok|missing/);
  });
});

test('a taken port is one line that says what to do', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const address = squatter.address();
  const port = address && typeof address === 'object' ? address.port : 0;
  await expect(needPort(port, '127.0.0.1', 'PORT')).rejects.toThrow(
    `PORT: port ${port} on 127.0.0.1 is taken by another program. Stop it, or choose another port: PORT=${port + 1}`,
  );
  expect((await finding('port', configIn(await scratchFolder(), { PORT: String(port) })))?.state).toBe('problem');
  squatter.close();
});
