import { Client, Connection } from '@temporalio/client';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  findTemporalCli,
  missingSearchAttributes,
  searchAttributes,
  startTemporal,
  type EmbeddedTemporal,
} from '../../src/embedded';
import { scratchFolder, until } from '../support';

let dataDir: string;
let lines: string[];
const log = (line: string): void => void lines.push(line);

beforeEach(async () => {
  dataDir = await scratchFolder();
  lines = [];
});

async function start(): Promise<EmbeddedTemporal> {
  const { path } = await findTemporalCli({ log });
  return startTemporal({ cli: path, dataDir, log, anyPort: true });
}

async function connected<T>(server: EmbeddedTemporal, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: server.address });
  return use(connection).finally(() => connection.close());
}

describe('the embedded Temporal', () => {
  test('has Sojourn’s search attributes and keeps closed runs for 30 days', async () => {
    const server = await start();
    await connected(server, async (connection) => {
      expect(await missingSearchAttributes(connection, 'default')).toEqual([]);
      const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
      expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 86_400);
      expect(searchAttributes.every((name) => name.startsWith('Sojourn'))).toBe(true);
    });
    expect((await fetch(server.uiUrl)).status).toBe(200);
    await server.stop();
  });

  test('keeps its runs over a restart and over SIGKILL, on the same address', async () => {
    const first = await start();
    const begin = (workflowId: string) => (connection: Connection) =>
      new Client({ connection }).workflow.start('any', {
        workflowId,
        taskQueue: 'none',
        searchAttributes: { SojournJourney: ['x'] },
      });
    await connected(first, begin('before-stop'));
    await first.stop();
    const second = await start();
    expect([second.address, second.uiUrl]).toEqual([first.address, first.uiUrl]);
    await connected(second, begin('before-kill'));
    process.kill(second.pid() ?? 0, 'SIGKILL');
    await until(() => lines.includes('Temporal is back'), { what: 'Temporal' });
    await connected(second, async (connection) => {
      const { workflow } = new Client({ connection });
      for (const id of ['before-stop', 'before-kill']) {
        expect((await workflow.getHandle(id).describe()).status.name).toBe('RUNNING');
      }
    });
    await second.stop();
  });

  test('takes other ports when the last ones were taken meanwhile', async () => {
    const first = await start();
    await first.stop();
    const squatter = createServer().listen(Number(first.address.split(':')[1]), '127.0.0.1');
    await once(squatter, 'listening');
    const second = await start();
    expect(second.address).not.toBe(first.address);
    await second.stop();
    squatter.close();
  });

  test('damaged data is one clear line that names the file', async () => {
    const file = join(dataDir, 'temporal', 'temporal.db');
    await mkdir(join(dataDir, 'temporal'));
    await writeFile(file, 'this is no database, though it is long enough to look like one'.repeat(100));
    const error = await start().catch((failure: unknown) => failure);
    expect(String(error)).toContain(`its data in ${file} can't be used: it is damaged`);
    expect(String(error).split('\n')).toHaveLength(1);
  });

  test('what it keeps and what it writes is for the owner’s eyes only', async () => {
    const server = await start();
    await server.stop();
    expect((await stat(join(dataDir, 'temporal'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(dataDir, 'temporal', 'temporal.log'))).isFile()).toBe(true);
    expect(await readFile(join(dataDir, 'temporal.json'), 'utf8')).toContain(server.address.split(':')[1]);
  });
});
