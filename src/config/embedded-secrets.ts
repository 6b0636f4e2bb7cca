/**
 * The keys and the password of an embedded stack: made at its first start, kept in the data folder for its owner only,
 * and shown once. What the environment gives wins, and is not kept.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config';
import { SettingError } from './errors';

export const secretSettings = {
  writeKey: 'SOJOURN_WRITE_KEY',
  secretKey: 'SOJOURN_SECRET_KEY',
  adminPassword: 'SOJOURN_ADMIN_PASSWORD',
  signingKey: 'SOJOURN_SIGNING_KEY',
} as const;

export type SecretName = keyof typeof secretSettings;
export type Secrets = Record<SecretName, string>;

const names = Object.keys(secretSettings) as SecretName[];

/** The secrets to use, and which of them were made just now and are to be shown. */
export async function embeddedSecrets(
  given: Pick<Config, 'dataDir' | SecretName>,
): Promise<{ secrets: Secrets; made: SecretName[] }> {
  await mkdir(given.dataDir, { recursive: true });
  const file = join(given.dataDir, 'secrets.json');
  const before = await read(file);
  if (!before) await keepFirst(file, makeSecrets());
  const kept = before ?? (await read(file));
  if (!kept) throw damaged(file);
  const secrets = { ...kept };
  for (const name of names) secrets[name] = given[name] ?? kept[name];
  return { secrets, made: before ? [] : names.filter((name) => given[name] === undefined) };
}

function makeSecrets(): Secrets {
  return {
    writeKey: `wk_${randomBytes(18).toString('hex')}`,
    secretKey: `sk_${randomBytes(24).toString('hex')}`,
    adminPassword: randomBytes(12).toString('base64url'),
    signingKey: randomBytes(32).toString('hex'),
  };
}

/** Writes them whole or not at all; of two processes at once, the first one's stay. */
async function keepFirst(file: string, secrets: Secrets): Promise<void> {
  const half = `${file}.${process.pid}`;
  await writeFile(half, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  try {
    await link(half, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(half, { force: true });
  }
}

async function read(file: string): Promise<Secrets | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw damaged(file);
  }
  try {
    const found = JSON.parse(text) as Partial<Secrets>;
    if (names.every((name) => typeof found[name] === 'string')) return found as Secrets;
  } catch {
    // Said below: a file that is no JSON and one that lacks a key are the same to whom it concerns.
  }
  throw damaged(file);
}

function damaged(file: string): SettingError {
  return new SettingError(
    file,
    'the keys kept there can not be read',
    'Restore the file, or remove it to get new keys.',
  );
}
