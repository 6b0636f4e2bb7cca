import { once } from 'node:events';
import { createServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { connectWorkers, createTemporalClient } from '../../src/runtime/worker';
import { quiet } from './rig';

/** As a proxy before Temporal sees the calls: their headers, and no answer. */
async function listening(): Promise<{ server: Http2Server; address: string; header: Promise<unknown> }> {
  const server = createServer();
  const header = new Promise((resolve) => {
    server.on('stream', (stream, headers) => {
      resolve(headers['x-team']);
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12' }, { endStream: true });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}`, header };
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const settings = { namespace: 'default', metadata: { 'x-team': 'growth' } };

test('headers that the settings name go with the calls of clients', async () => {
  const { server, address, header } = await listening();
  const client = createTemporalClient({ ...settings, address });
  closing.push(
    () => client.connection.close(),
    () => server.close(),
  );
  const call = client.workflowService.getSystemInfo({}).catch(() => undefined);
  expect(await header).toBe('growth');
  await call;
});

test('and of workers', async () => {
  const { server, address, header } = await listening();
  const stop = new AbortController();
  const connecting = connectWorkers({ ...settings, address }, { log: quiet, signal: stop.signal });
  closing.push(() => server.close());
  expect(await header).toBe('growth');
  stop.abort(new Error('seen'));
  await connecting.then(
    (connection) => connection.close(),
    () => undefined,
  );
});
