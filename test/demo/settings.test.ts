/** What the demo takes from the environment, and what it refuses; who it lets in, and where it leads. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config';
import { demoSettings } from '../../src/demo';
import { openAccounts, readSessionCookie, sessionCookie } from '../../src/demo/accounts';
import { onPublicHost } from '../../src/demo/shop-files';
import { scratchFolder } from '../support';

test('time runs 60 times as fast in a folder of its own, unless something else is set', () => {
  expect(parseConfig(demoSettings({}))).toMatchObject({
    timeScale: 60,
    dataDir: join(process.cwd(), '.sojourn-demo'),
    allowedHosts: ['127.0.0.1', 'localhost'],
  });
  const set = { SOJOURN_TIME_SCALE: '600', SOJOURN_DATA: '/tmp/x', SOJOURN_PUBLIC_URL: 'https://demo.example.com' };
  expect(parseConfig(demoSettings({ ...set, SOJOURN_FROM: '' }))).toMatchObject({
    ...{ timeScale: 600, dataDir: '/tmp/x', from: 'Fjord & Oak <hello@fjord-and-oak.example>' },
    allowedHosts: ['demo.example.com', '127.0.0.1', 'localhost'],
  });
});

test.each(['DATABASE_URL', 'TEMPORAL_ADDRESS'])('%s is refused by name, and the way out told', (name) => {
  expect(() => demoSettings({ [name]: 'postgres://somewhere/else' })).toThrow(`${name}: the demo speeds time up`);
  expect(() => demoSettings({ [name]: 'x' })).toThrow(`Unset ${name}, or use sojourn start.`);
  expect(() => demoSettings({ [name]: '' })).not.toThrow();
});

test('no sender is made up for a real mail server', () => {
  expect(demoSettings({ SMTP_URL: 'smtp://mail.example.com' })['SOJOURN_FROM']).toBeUndefined();
});

test('a session’s cookie is worth nothing with another name, another key, or cut off', () => {
  const cookie = sessionCookie('signing-key', 'ada-1');
  expect(readSessionCookie('signing-key', cookie)).toBe('ada-1');
  expect(readSessionCookie('another-key', cookie)).toBeUndefined();
  expect(readSessionCookie('signing-key', cookie.replace('ada', 'eve'))).toBeUndefined();
  expect(readSessionCookie('signing-key', cookie.slice(0, -1))).toBeUndefined();
  expect(readSessionCookie('signing-key', '')).toBeUndefined();
});

test('the shop knows its customers again after a restart, and a damaged file is begun anew', async () => {
  const file = join(await scratchFolder(), 'demo-shop.json');
  const before = await openAccounts(file);
  expect(before.unused(['Ada Lovelace', 'Grace Hopper'])).toEqual({ name: 'Ada Lovelace', email: 'ada@example.com' });
  const { account, returning } = await before.open({ name: 'Ada Lovelace', email: 'ada@example.com' });
  expect([returning, account.userId]).toEqual([false, expect.stringMatching(/^ada-lovelace-[0-9a-f]{6}$/)]);
  await before.keepBrowserKey({ id: 'key_1', key: 'bk_1' });

  const after = await openAccounts(file);
  expect(after.browserKey()).toEqual({ id: 'key_1', key: 'bk_1' });
  expect(after.byUserId(account.userId)).toEqual(account);
  expect(await after.open({ name: 'Somebody', email: 'ADA@example.com' })).toEqual({ account, returning: true });
  expect(after.unused(['Ada Lovelace', 'Grace Hopper']).email).toBe('grace@example.com');
  expect(after.unused(['Ada Lovelace']).email).toBe('ada2@example.com');
  const { writeFile } = await import('node:fs/promises');
  await writeFile(file, '{"accounts": [');
  expect((await openAccounts(file)).byUserId(account.userId)).toBeUndefined();
});

test('who comes by this machine’s other name is led to the one that mails lead to', () => {
  expect(onPublicHost('localhost:3000', 'http://127.0.0.1:3000')).toBe('http://127.0.0.1:3000');
  expect(onPublicHost('127.0.0.1:3000', 'http://127.0.0.1:3000')).toBeUndefined();
  // Forwarded from another port: that it is the same machine is not known.
  expect(onPublicHost('localhost:8080', 'http://127.0.0.1:3000')).toBeUndefined();
  expect(onPublicHost('localhost:3000', 'https://demo.example.com')).toBeUndefined();
  expect(onPublicHost(undefined, 'http://127.0.0.1:3000')).toBeUndefined();
});
