/** Bodies of those who show no key in the header are read under a limit. */
import { connect } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { expectProblem } from './expect-problem';
import { openFrontDoor, somebody, writeKey } from './front-door';

const login = { userId: 'u', event: 'login' };

describe('a request that shows no key in its header', () => {
  const limits = { perBrowserAddress: { perSecond: 0.001, burst: 3 } };

  test('has its body read as often only as its address may report', async () => {
    const tight = await openFrontDoor({ parts: { limits } });
    const { hostname, port } = new URL(tight.url);
    const heard: string[] = [];
    // Bodies that never come: an answer is one without them.
    const sockets = [0, 1, 2, 3].map((nth) =>
      connect(Number(port), hostname)
        .on('data', (data) => (heard[nth] = data.toString()))
        .on('error', () => undefined),
    );
    try {
      const head =
        'POST /v1/batch HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 400000\r\n\r\n';
      for (const socket of sockets) socket.write(head);
      await vi.waitFor(() => expect(Object.values(heard)).toHaveLength(1), 30_000);
      expect(Object.values(heard)[0]).toMatch(/^HTTP\/1\.1 429 /);
    } finally {
      for (const socket of sockets) socket.destroy();
      await tight.close();
    }
  });

  test('counts once with a browser key in its body, and not with a server’s', async () => {
    const tight = await openFrontDoor({ parts: { limits } });
    try {
      const { key } = await tight.keys.create({ kind: 'browser', name: 'shop' }, somebody);
      const report = (userKey: string) =>
        tight.post('/v1/track', { ...login, userId: undefined, anonymousId: 'a', writeKey: userKey }, { key: null });
      for (let nth = 0; nth < 5; nth++) expect((await report(writeKey)).status).toBe(200);
      for (let nth = 0; nth < 3; nth++) expect((await report(key)).status).toBe(200);
      expectProblem(await report(key), 429, 'too-many-requests');
    } finally {
      await tight.close();
    }
  });
});
