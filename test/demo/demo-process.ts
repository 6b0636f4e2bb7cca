/** `sojourn demo` or `start` as a process of its own, and a visitor's browser as far as HTTP goes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { freePort } from '../../src/embedded';
import type { ProgressAnswer, SessionAnswer } from '../../src/demo/shop/answers';
import { scratchFolder, until } from '../support';

export interface StackProcess {
  url: string;
  output(): string;
  /** As they are kept in the data folder. */
  secrets(): Promise<{ writeKey: string; secretKey: string; adminPassword: string }>;
  /** With the secret key. */
  read<T>(path: string): Promise<T>;
  stop(): Promise<number | null>;
}

export interface DemoProcess extends StackProcess {
  visitor(): Visitor;
}

export interface Visitor {
  /** To the shop's back end, with the cookies that it has set. */
  shop(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  session(): Promise<SessionAnswer>;
  progress(): Promise<ProgressAnswer>;
  /** To Sojourn, with the browser's key. */
  track(call: Record<string, unknown>): Promise<Response>;
}

export async function startDemo(args: string[] = [], settings: NodeJS.ProcessEnv = {}): Promise<DemoProcess> {
  const stack = await startStack(['demo', ...args], settings);
  return { ...stack, visitor: () => visitor(stack.url) };
}

/** `cwd`: the folder with the content, if it is not the one that ships. */
export async function startStack(
  args: string[],
  settings: NodeJS.ProcessEnv = {},
  cwd = resolve('.'),
): Promise<StackProcess> {
  const [port, data] = await Promise.all([freePort(), scratchFolder()]);
  const url = `http://127.0.0.1:${port}`;
  const env = { ...process.env, PORT: String(port), SOJOURN_DATA: data, ...settings };
  const child = spawn(process.execPath, [resolve('bin/sojourn.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...{ env, cwd },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  async function stop(): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      await exited;
    }
    return child.exitCode;
  }
  try {
    await until(() => child.exitCode !== null || output.includes('Sojourn is ready'), {
      withinMs: 240_000,
      what: `sojourn ${args.join(' ')}`,
    });
    if (child.exitCode !== null) throw new Error(`It ended: ${output.slice(-2_000)}`);
  } catch (error) {
    await stop();
    throw error;
  }
  const secrets: StackProcess['secrets'] = async () => JSON.parse(await readFile(join(data, 'secrets.json'), 'utf8'));
  return {
    url,
    output: () => output,
    stop,
    secrets,
    async read<T>(path: string) {
      const { secretKey } = await secrets();
      const response = await fetch(url + path, { headers: { authorization: `Bearer ${secretKey}` } });
      return (await response.json()) as T;
    },
  };
}

function visitor(url: string): Visitor {
  const cookies = new Map<string, string>();
  const shop: Visitor['shop'] = async (path, body, headers = { 'content-type': 'application/json' }) => {
    const response = await fetch(`${url}/shop/api/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
  const read = async <T>(path: string) => (await (await shop(path)).json()) as T;
  const session = () => read<SessionAnswer>('session');
  return {
    shop,
    session,
    progress: () => read<ProgressAnswer>('progress'),
    async track(call) {
      const { writeKey } = await session();
      return fetch(`${url}/v1/track`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${writeKey}:`)}` },
        body: JSON.stringify(call),
      });
    },
  };
}
