import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import express from 'express';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { embeddedSecrets, parseConfig, requireProduction, SettingError, type Env } from '../../src/config';

const key = 'k'.repeat(24);

function refusal(env: Env): SettingError {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof SettingError) return error;
  }
  throw new Error(`accepted: ${JSON.stringify(env)}`);
}

describe('settings', () => {
  test('all have a default that runs embedded on loopback', () => {
    expect(parseConfig({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: undefined,
      temporal: { address: undefined, namespace: 'default', tls: undefined },
      dataDir: resolve('.sojourn'),
      timeScale: 1,
    });
  });

  test('an empty one counts as unset', () => {
    expect(parseConfig({ PORT: '', DATABASE_URL: '', SOJOURN_FROM: '' }).port).toBe(3000);
  });

  test('others’ variables are none of our business', () => {
    expect(() => parseConfig({ HOME: '/root', SOJOURNER: 'x' })).not.toThrow();
  });

  test.each<[string, string, string]>([
    ['PORT', 'http', 'it is no number'],
    ['PORT', '70000', 'it is above 65535'],
    ['PORT', '3000.5', 'it is no whole number'],
    ['SOJOURN_HOST', 'a b', 'it is no host name or address'],
    ['DATABASE_URL', 'mysql://x', 'it is no postgres:// or postgresql:// address'],
    ['SMTP_URL', 'mail.example.com', 'it is no smtp:// or smtps:// address'],
    ['SOJOURN_TIME_SCALE', 'fast', 'it is no number'],
    ['SOJOURN_TIME_SCALE', '0', 'it is below 1'],
    ['SOJOURN_TIME_SCALE', 'Infinity', 'it is no number'],
    ['SOJOURN_FROM', 'Shop', 'it is no sender'],
    ['SOJOURN_PUBLIC_URL', 'example.com', 'it is no https:// or http:// address'],
    ['SOJOURN_WRITE_KEY', 'short', 'it has fewer than 24 characters'],
    ['SOJOURN_SECRET_KEY', `${key}:x`, 'it has spaces, colons or characters outside ASCII'],
    ['SOJOURN_ADMIN_PASSWORD', 'admin', 'it has fewer than 12 characters'],
    ['SOJOURN_SIGNING_KEY', 'short', 'it has fewer than 24 characters'],
    ['KAFKA_BROKERS', 'host', 'it is no list of host:port'],
    ['AMQP_URL', 'http://x', 'it is no amqp:// or amqps:// address'],
    [
      'SOJOURN_ALLOWED_HOSTS',
      'https://shop.example',
      'it is no list of host names, which have no scheme, port or path',
    ],
    ['SOJOURN_ALLOWED_HOSTS', 'shop.example,', 'it is no list of host names, which have no scheme, port or path'],
    ['SOJOURN_ALLOWED_HOSTS', '*.shop.example', 'it is no list of host names, which have no scheme, port or path'],
    ['SOJOURN_ALLOWED_HOSTS', 'shop.example:8080', 'it is no list of host names, which have no scheme, port or path'],
    ...['true', '0', '99', '10.0.0.0/33', 'proxy.example', '10.0.0.1,'].map((value): [string, string, string] => [
      'SOJOURN_TRUST_PROXY',
      value,
      'it is neither a number of proxies, from 1 to 20, nor a list of addresses',
    ]),
    ['SOJOURN_LOG_LEVEL', 'verbose', 'it is none of debug, info, warn, error, silent'],
    ['SOJOURN_METRICS_PORT', '99999', 'it is above 65535'],
    ['REDIS_URL', 'x', 'it is no redis:// or rediss:// address'],
    ['TEMPORAL_ADDRESS', 'localhost', "'localhost' is no host:port"],
    ['TEMPORAL_TLS', 'maybe', "'maybe' is neither true nor false"],
    ['TEMPORAL_TLS_CLIENT_CERT_PATH', '/nowhere.pem', "the file /nowhere.pem can't be read (ENOENT)"],
    ['TEMPORAL_TLS_DISABLE_HOST_VERIFICATION', 'true', 'Sojourn does not read it'],
  ])('%s=%s is refused by name', (name, value, what) => {
    expect(refusal({ [name]: value })).toMatchObject({ where: name, what });
    expect(refusal({ [name]: value }).message.split('\n')).toHaveLength(1);
  });

  test('an unknown name is refused, and the closest known one named', () => {
    const error = refusal({ SOJOURN_TIMESCALE: '60' });
    expect(error.message).toBe('SOJOURN_TIMESCALE: there is no such setting. Did you mean SOJOURN_TIME_SCALE?');
    expect(refusal({ SOJOURN_FAVOURITE_COLOUR: 'red' }).message).toContain('The settings are SOJOURN_HOST');
  });

  test('no secret ever stands in an error', () => {
    const secret = 'hunter2-secret';
    for (const env of [
      { DATABASE_URL: `mysql://u:${secret}@h/d` },
      { SMTP_URL: `http://u:${secret}@h` },
      { SOJOURN_WRITE_KEY: secret },
      { SOJOURN_SIGNING_KEY: secret },
      { SOJOURN_SECRET_KEY: secret },
    ]) {
      expect(refusal(env).message).not.toContain(secret);
    }
  });

  test('time is sped up on embedded parts only', () => {
    expect(parseConfig({ SOJOURN_TIME_SCALE: '60' }).timeScale).toBe(60);
    expect(refusal({ SOJOURN_TIME_SCALE: '60', TEMPORAL_ADDRESS: 'h:7233' }).where).toBe('SOJOURN_TIME_SCALE');
    expect(refusal({ SOJOURN_TIME_SCALE: '60', DATABASE_URL: 'postgres://h/d' }).what).toContain('DATABASE_URL is set');
  });

  test('the public key and the secret one must differ', () => {
    expect(refusal({ SOJOURN_WRITE_KEY: key, SOJOURN_SECRET_KEY: key }).where).toBe('SOJOURN_WRITE_KEY');
  });

  test('hosts are read as addresses have them, and none are allowed unless they are named', () => {
    expect(parseConfig({}).allowedHosts).toEqual([]);
    const { allowedHosts } = parseConfig({ SOJOURN_ALLOWED_HOSTS: 'Shop.example, bücher.example' });
    expect(allowedHosts).toEqual(['shop.example', 'xn--bcher-kva.example']);
  });

  test('proxies are a number or a list of addresses, as Express takes them', () => {
    const read = (value: string) => parseConfig({ SOJOURN_TRUST_PROXY: value }).trustProxy;
    expect([read(''), read('2')]).toEqual([undefined, 2]);
    const list = read('loopback, 10.0.0.0/8,fd00::/8,192.0.2.1');
    expect(list).toBe('loopback,10.0.0.0/8,fd00::/8,192.0.2.1');
    expect(() => express().set('trust proxy', list)).not.toThrow();
  });

  test('Temporal’s are named as its own clients name them', () => {
    const { temporal } = parseConfig({
      TEMPORAL_ADDRESS: 'x.tmprl.cloud:7233',
      TEMPORAL_NAMESPACE: 'shop.a1b2',
      TEMPORAL_API_KEY: 'abc',
      TEMPORAL_TLS_SERVER_NAME: 'x',
      TEMPORAL_GRPC_META_SOME_KEY: 'v',
    });
    expect(temporal).toMatchObject({
      namespace: 'shop.a1b2',
      tls: { serverNameOverride: 'x' },
      metadata: { 'some-key': 'v' },
    });
    expect(parseConfig({ TEMPORAL_API_KEY: 'abc' }).temporal.tls).toBe(true);
    expect(parseConfig({ TEMPORAL_API_KEY: 'abc', TEMPORAL_TLS: 'false' }).temporal.tls).toBeUndefined();
    expect(refusal({ TEMPORAL_TLS_CLIENT_CERT_DATA: 'pem' }).where).toBe('TEMPORAL_TLS_CLIENT_KEY_PATH');
  });
});

describe('a start on real parts', () => {
  const complete: Env = {
    DATABASE_URL: 'postgres://h/d',
    TEMPORAL_ADDRESS: 'h:7233',
    SMTP_URL: 'smtp://h',
    SOJOURN_FROM: 'Shop <shop@example.com>',
    SOJOURN_PUBLIC_URL: 'https://journeys.example.com/',
    SOJOURN_WRITE_KEY: `w${key}`,
    SOJOURN_SECRET_KEY: `s${key}`,
    SOJOURN_ADMIN_PASSWORD: 'long enough indeed',
    SOJOURN_SIGNING_KEY: `g${key}`,
  };

  test('goes with everything set', () => {
    expect(requireProduction(parseConfig(complete)).publicUrl).toBe('https://journeys.example.com');
  });

  test.each(Object.keys(complete))('is refused without %s', (name) => {
    const config = parseConfig({ ...complete, [name]: undefined });
    expect(() => requireProduction(config)).toThrow(`${name}: it is needed outside the embedded stack, and is not set`);
  });

  test('needs no SMTP server for a process that sends nothing', () => {
    expect(() => requireProduction(parseConfig({ ...complete, SMTP_URL: '' }), { sends: false })).not.toThrow();
  });
});

describe('an embedded stack’s keys', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'sojourn-keys-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  test('are made once, kept for their owner only, and said to be new once', async () => {
    const first = await embeddedSecrets(parseConfig({ SOJOURN_DATA: dataDir }));
    const second = await embeddedSecrets(parseConfig({ SOJOURN_DATA: dataDir }));
    expect(first.made).toEqual(['writeKey', 'secretKey', 'adminPassword', 'signingKey']);
    expect(second).toEqual({ secrets: first.secrets, made: [] });
    expect((await stat(join(dataDir, 'secrets.json'))).mode & 0o777).toBe(0o600);
  });

  test('are the same for processes that start at once', async () => {
    const config = parseConfig({ SOJOURN_DATA: dataDir });
    const [a, b, c] = await Promise.all([embeddedSecrets(config), embeddedSecrets(config), embeddedSecrets(config)]);
    expect([b?.secrets, c?.secrets]).toEqual([a?.secrets, a?.secrets]);
  });

  test('give way to those of the environment, which are not kept', async () => {
    const { secrets, made } = await embeddedSecrets(parseConfig({ SOJOURN_DATA: dataDir, SOJOURN_WRITE_KEY: key }));
    expect(secrets.writeKey).toBe(key);
    expect(made).not.toContain('writeKey');
    expect(await readFile(join(dataDir, 'secrets.json'), 'utf8')).not.toContain(key);
  });

  test('that are damaged are not overwritten', async () => {
    await writeFile(join(dataDir, 'secrets.json'), '{"writeKey"');
    await expect(embeddedSecrets(parseConfig({ SOJOURN_DATA: dataDir }))).rejects.toThrow('the keys kept there');
    expect(await readFile(join(dataDir, 'secrets.json'), 'utf8')).toBe('{"writeKey"');
  });
});
