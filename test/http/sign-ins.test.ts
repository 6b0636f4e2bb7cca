/** What guessing costs, whom it keeps out, and what is written down about who signs in and makes keys. */
import { Writable } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import type { AppDeps } from '../../src/http';
import { createLimits } from '../../src/http/limits';
import { networkOf } from '../../src/http/network';
import { createLog, createMetrics } from '../../src/observe';
import { expectProblem } from './expect-problem';
import { adminPassword, openFrontDoor, secretKey, type Answer, type FrontDoor } from './front-door';

let door: FrontDoor | undefined;
afterEach(() => door?.close());

async function open(parts: Partial<AppDeps>): Promise<FrontDoor> {
  door = await openFrontDoor({ parts });
  return door;
}

const signIn = (at: FrontDoor, password: string, from?: string) =>
  at.post(
    '/v1/session',
    { password },
    {
      key: null,
      headers: { 'x-sojourn-csrf': '1', origin: at.url, ...(from !== undefined && { 'x-forwarded-for': from }) },
    },
  );
const cookieOf = (answer: Answer) => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const madeUp = (at: FrontDoor, n: number) => `sojourn_session_${new URL(at.url).port}=${String(n).padStart(43, 'x')}`;

describe('a made-up session', () => {
  const limits = { perRefusedAddress: { perSecond: 0.01, burst: 3 } };

  test.each(['/v1/session', '/v1/keys'])('is limited at %s before the store is asked', async (path) => {
    const at = await open({ limits });
    const ask = (cookie: string) => at.get(path, { key: null, headers: { cookie } });
    const admin = cookieOf(await signIn(at, adminPassword));
    for (let n = 0; n < 3; n++) expect((await ask(madeUp(at, n))).status).not.toBe(429);
    // A table that is gone shows who asks: it would be answered with 500.
    await at.db.schema.alterTable('admin_sessions').renameTo('away').execute();
    expectProblem(await ask(madeUp(at, 9)), 429, 'too-many-requests');
    const headers = { cookie: madeUp(at, 9), 'x-sojourn-csrf': '1', origin: at.url };
    expectProblem(await at.call('DELETE', '/v1/session', { key: null, headers }), 429, 'too-many-requests');
    await at.db.schema.alterTable('away').renameTo('admin_sessions').execute();
    // Whoever has a session is not kept out by those who guess from the same address.
    expect((await ask(admin)).status).toBe(200);
  });

  test('costs nothing to who has one', async () => {
    const at = await open({ limits });
    const admin = cookieOf(await signIn(at, adminPassword));
    for (let n = 0; n < 9; n++) {
      expect((await at.get('/v1/keys', { key: null, headers: { cookie: admin } })).status).toBe(200);
    }
    expect((await at.get('/v1/keys', { key: null })).status).toBe(401);
  });
});

describe('wrong passwords', () => {
  const others = (n: number) => `2001:db8:0:${(n + 1).toString(16)}::1`;

  test('of a whole IPv6 network count together', async () => {
    const at = await open({ trustProxy: 1, limits: { perSignInAddress: { perSecond: 0.01, burst: 2 } } });
    expect((await signIn(at, 'a guess', '2001:db8:1:2::1')).status).toBe(401);
    expect((await signIn(at, 'a guess', '2001:db8:1:2:3:4:5:6')).status).toBe(401);
    expect((await signIn(at, 'a guess', '2001:db8:1:2:ffff::9')).status).toBe(429);
    expect((await signIn(at, 'a guess', '2001:db8:1:3::1')).status).toBe(401);
  });

  test('from everywhere do not keep out who has signed in before, and cost nobody else their own tries', async () => {
    const limits = { signIns: { perSecond: 0.5, burst: 2 }, perSignInAddress: { perSecond: 0.001, burst: 1 } };
    const at = await open({ trustProxy: 1, limits });
    const office = '2001:db8:ff:1::7';
    expect((await signIn(at, adminPassword, office)).status).toBe(200);
    for (let n = 0; n < 2; n++) expect((await signIn(at, 'a guess', others(n))).status).toBe(401);
    const newcomer = others(9);
    expect((await signIn(at, adminPassword, newcomer)).status).toBe(429);
    expect((await signIn(at, adminPassword, office)).status).toBe(200);
    // Its one try was not taken while nobody looked at the password.
    await new Promise((resolve) => setTimeout(resolve, 2_200));
    expect((await signIn(at, adminPassword, newcomer)).status).toBe(200);
  });

  test('from where somebody has signed in are limited, too', () => {
    const limits = createLimits({ signIns: { perSecond: 0.001, burst: 2 } });
    for (let n = 0; n < 9; n++) limits.signedIn(others(n));
    for (let n = 0; n < 2; n++) limits.signIn(others(n));
    expect(() => limits.signIn(others(3))).toThrow('Too many wrong passwords');
  });
});

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:2::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::203.0.113.9', '64:ff9b:0:0::/64'],
  ['', ''],
])('the network of %j is %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('what an admin does leaves a trail without secrets or addresses', async () => {
  let written = '';
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written += chunk.toString();
      done();
    },
  });
  const metrics = createMetrics({ process: false });
  const limits = { perSignInAddress: { perSecond: 0.001, burst: 1 } };
  const at = await open({ log: createLog({ to }), metrics, trustProxy: 1, limits });
  const cookie = cookieOf(await signIn(at, adminPassword, '203.0.113.9'));
  for (const status of [401, 429]) expect((await signIn(at, 'my guess', '203.0.113.9')).status).toBe(status);

  const asAdmin = { key: null, headers: { cookie, 'x-sojourn-csrf': '1', origin: at.url } };
  const made = (await at.post('/v1/keys', { kind: 'server', name: 'Backend' }, asAdmin)).json;
  const next = (await at.post(`/v1/keys/${made['id'] as string}/rotate`, undefined, { key: secretKey })).json;
  await at.call('DELETE', `/v1/keys/${made['id'] as string}`, asAdmin);
  await at.call('DELETE', '/v1/keys/key_none', asAdmin);

  const lines = written
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toMatchObject([
    { level: 'info', msg: 'Signed in', with: 'password' },
    { level: 'warn', msg: 'Sign-in refused', reason: 'wrong password' },
    { level: 'info', msg: 'Key made', key: made['id'], kind: 'server', by: 'admin' },
    { level: 'info', msg: 'Key rotated', key: next['id'], after: made['id'], kind: 'server', by: 'env-secret' },
    { level: 'info', msg: 'Key revoked', key: made['id'], kind: 'server', by: 'admin' },
  ]);
  const secrets = [adminPassword, 'my guess', '203.0.113.9', cookie, made['key'], next['key']] as string[];
  for (const secret of secrets) expect(written).not.toContain(secret);

  const text = await metrics.text();
  for (const result of ['signed_in', 'refused', 'limited']) {
    expect(text).toContain(`sojourn_sign_ins_total{result="${result}"} 1`);
  }
});
