/** How the pages are served: one application at every address of theirs, under a policy, and its files kept for good. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BuiltApp, Unbuilt } from '../../src/web';
import { expectProblem } from './expect-problem';
import { openFrontDoor, type FrontDoor } from './front-door';

const script = 'console.log(1);'.repeat(100);
const app: BuiltApp = {
  index: '<!doctype html><title>Sojourn</title><script type="module" src="/assets/index-abc.js"></script>',
  assets: new Map([
    [
      'assets/index-abc.js',
      { type: 'text/javascript; charset=utf-8', body: Buffer.from(script), gzipped: gzipSync(script) },
    ],
    ['index.html', { type: 'text/html', body: Buffer.from('') }],
  ]),
};
let served: BuiltApp | Unbuilt = app;
let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor({ parts: { pages: () => served, inbox: { list: () => [], get: () => undefined } } });
});
afterAll(() => door.close());

const open = (path: string) => door.get(path, { key: null });

test.each([
  '/',
  '/journeys',
  '/journeys/cart-abandonment',
  '/people',
  '/people/anonymous%3Av',
  '/messages',
  '/messages/s1',
])('%s is the application, for whoever asks', async (path) => {
  const { status, text, headers } = await open(path);
  expect([status, text]).toEqual([200, app.index]);
  expect(headers.get('cache-control')).toBe('no-cache');
});

test.each(['/settings', '/sign-in', '/inbox', '/inbox/7'])('%s is the application too', async (path) => {
  expect((await open(path)).text).toBe(app.index);
});

test('its policy lets nothing in but its own files', async () => {
  const policy = (await open('/')).headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
});

test('its files are kept for good, and sent packed to who can unpack', async () => {
  const { text, headers } = await open('/assets/index-abc.js');
  expect(text).toBe(script);
  expect([headers.get('content-encoding'), headers.get('content-type')]).toEqual([
    'gzip',
    'text/javascript; charset=utf-8',
  ]);
  expect(headers.get('cache-control')).toContain('immutable');
  const plain = await door.get('/assets/index-abc.js', { key: null, headers: { 'accept-encoding': 'identity' } });
  expect([plain.text, plain.headers.get('content-encoding')]).toEqual([script, null]);
});

test.each(['/assets/gone.js', '/assets/..%2findex.html', '/assets/', '/v1/journey', '/api/x', '/other'])(
  '%s is a problem, not the application',
  async (path) => expectProblem(await open(path), 404, 'not-found'),
);

test('a browser is shown that there is no such page; the API answers as ever', async () => {
  const asBrowser = { key: null, headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };
  const { status, text } = await door.get('/nothing/here', asBrowser);
  expect([status, text]).toEqual([404, app.index]);
  expectProblem(await door.get('/v1/journey', asBrowser), 404, 'not-found');
});

test('a file is asked for by GET only', async () => {
  expectProblem(await door.post('/', {}, { key: null }), 405, 'method-not-allowed');
});

test('where it was not built, the page says what to run', async () => {
  served = { reason: 'They were not built yet. Run: npm run build' };
  try {
    const { status, text } = await open('/people');
    expect(status).toBe(503);
    expect(text).toContain('npm run build');
    expectProblem(await open('/assets/index-abc.js'), 404, 'not-found');
  } finally {
    served = app;
  }
});
