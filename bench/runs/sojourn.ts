/** Sojourn as it is served in production: API and router in one process, the worker in another. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../src/embedded';
import { stop, track } from '../child';
import { Connections } from '../load/connections';
import type { Parts } from '../parts';
import type { Side } from './measure';
import { addressOf } from './workload';

const keys = {
  SOJOURN_WRITE_KEY: 'bench-write-key-of-no-secrecy',
  SOJOURN_SECRET_KEY: 'bench-secret-key-of-no-secrecy',
};
const headers = { Authorization: `Basic ${Buffer.from(`${keys.SOJOURN_WRITE_KEY}:`).toString('base64')}` };

export type Role = 'api' | 'router' | 'worker';

export async function startSojourn(parts: Parts): Promise<Side> {
  const worker = await serve(parts, ['worker']);
  const front = await serve(parts, ['api', 'router']);
  return {
    name: 'Sojourn',
    port: front.port,
    path: '/v1/track',
    headers,
    workflowType: 'bench-cart',
    pids: { 'api and router': front.pid, worker: worker.pid },
    prepare: (people) => identify(front.port, people),
    stop: async () => {
      await front.stop();
      await worker.stop();
    },
  };
}

/** Starts `sojourn serve`, as one does in production, and waits until it says that it is ready. */
export async function serve(parts: Parts, roles: Role[]) {
  const port = await freePort();
  const env = {
    ...process.env,
    ...parts.env,
    ...keys,
    PORT: String(port),
    SOJOURN_ADMIN_PASSWORD: 'bench-admin-password',
    SOJOURN_SIGNING_KEY: 'bench-signing-key-of-no-secrecy',
    SOJOURN_FROM: 'Shop <shop@example.com>',
    SOJOURN_PUBLIC_URL: 'https://shop.example.com',
  };
  const sojourn = (...args: string[]) =>
    spawn('node', [new URL('../../bin/sojourn.mjs', import.meta.url).pathname, ...args], {
      cwd: parts.contentDir,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true, // as the other programs: see child.ts
    });
  const [code] = (await once(sojourn('migrate'), 'exit')) as [number];
  if (code !== 0) throw new Error(`sojourn migrate ended with ${code}.`);
  const child = sojourn('serve', '--roles', roles.join(','));
  track(child);
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code, signal) => {
      const how = `sojourn serve --roles ${roles.join(',')} ended with ${signal ?? code}`;
      if (code !== 0) process.stderr.write([`${how}; it said last:`, ...said, ''].join('\n  '));
      reject(new Error(`${how}.`)); // of no effect once it was ready
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line);
      if (said.length > 20) said.shift();
      if (line.includes('Sojourn is ready')) resolve();
    });
  });
  return { port, headers, pid: child.pid ?? 0, stop: () => stop(child) };
}

/** The people's addresses are known before, as the naive program's carts are. */
async function identify(port: number, people: string[]): Promise<void> {
  const connections = new Connections({ port, path: '/v1/identify', headers }, 16);
  const answers = await Promise.all(
    people.map((id) =>
      connections.post(JSON.stringify({ userId: id, messageId: `identify-${id}`, traits: { email: addressOf(id) } })),
    ),
  );
  connections.close();
  const refused = answers.filter(({ status }) => status !== 200);
  if (refused.length > 0)
    throw new Error(`${refused.length} identify calls were refused, the first with ${refused[0]!.status}.`);
  await sleep(2_000); // the router decides them before the measurement starts
}
