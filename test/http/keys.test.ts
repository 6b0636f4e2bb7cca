/** Keys over HTTP: made and shown once, rotated, revoked. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KeysAnswer, NewKeyAnswer } from '../../src/http/answers';
import { expectProblem } from './expect-problem';
import { openFrontDoor, secretKey, writeKey, type FrontDoor } from './front-door';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(() => door.close());

const secret = { key: secretKey };
const make = async (kind: string, name: string) =>
  (await door.post('/v1/keys', { kind, name }, secret)).json as unknown as NewKeyAnswer;
const list = async () => ((await door.get('/v1/keys')).json as unknown as KeysAnswer).keys;
const works = async (key: string) => (await door.post('/v1/track', { userId: 'u', event: 'login' }, { key })).status;

test('a key is shown when it is made, works, and is in no list', async () => {
  const made = await make('server', ' Backend ');
  expect(await works(made.key)).toBe(200);
  const [listed] = await list();
  expect(listed).toEqual({
    id: made.id,
    kind: 'server',
    name: 'Backend',
    createdAt: expect.any(String) as string,
    revokedAt: null,
  });
  expect((await door.get('/v1/keys')).text).not.toContain(made.key);
});

test('a rotated key and its successor both work until the old one is revoked', async () => {
  const old = await make('server', 'rotating');
  const answer = await door.post(`/v1/keys/${old.id}/rotate`, undefined, secret);
  const next = answer.json as unknown as NewKeyAnswer;
  expect([answer.status, next.id === old.id]).toEqual([201, false]);
  expect([await works(old.key), await works(next.key)]).toEqual([200, 200]);
  const revoked = await door.call('DELETE', `/v1/keys/${old.id}`, secret);
  expect(revoked.json).toEqual({ id: old.id, revoked: true });
  expect([await works(old.key), await works(next.key)]).toEqual([401, 200]);
  expect((await list()).find(({ id }) => id === old.id)?.revokedAt).toEqual(expect.any(String));
});

test('a revoked key is not revoked again, nor brought back by rotating it', async () => {
  const { id } = await make('browser', 'gone');
  await door.call('DELETE', `/v1/keys/${id}`, secret);
  expectProblem(await door.call('DELETE', `/v1/keys/${id}`, secret), 404, 'not-found', 'id');
  expectProblem(await door.post(`/v1/keys/${id}/rotate`, undefined, secret), 404, 'not-found', 'id');
});

test('keys of the environment are changed there', async () => {
  for (const id of ['env-write', 'env-secret']) {
    expectProblem(await door.call('DELETE', `/v1/keys/${id}`, secret), 409, 'conflict', 'id');
    expectProblem(await door.post(`/v1/keys/${id}/rotate`, undefined, secret), 409, 'conflict', 'id');
  }
});

test.each([
  [{ kind: 'admin', name: 'x' }, 'kind'],
  [{ kind: 'server' }, 'name'],
  [{ kind: 'server', name: '  ' }, 'name'],
  [{ kind: 'server', name: 'x'.repeat(101) }, 'name'],
  [{ kind: 'server', name: 'a\nb' }, 'name'],
  [{ kind: 'server', name: 'x', key: 'sk_mine' }, 'key'],
])('%j is refused', async (body, path) => {
  expectProblem(await door.post('/v1/keys', body, secret), 400, 'invalid-request', path);
});

test('only a secret key or an admin sees and changes keys', async () => {
  expectProblem(await door.get('/v1/keys', { key: writeKey }), 403, 'forbidden');
  expectProblem(await door.post('/v1/keys', { kind: 'secret', name: 'mine' }), 403, 'forbidden');
  expectProblem(await door.call('DELETE', '/v1/keys/key_1', { key: writeKey }), 403, 'forbidden');
  expectProblem(await door.post('/v1/keys/key_1/rotate', undefined, { key: null }), 401, 'unauthorized');
});
