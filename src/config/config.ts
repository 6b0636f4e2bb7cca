/**
 * All settings, parsed once at the start. An unknown `SOJOURN_*` name or a bad value stops the start with a
 * `SettingError`; no error ever holds the value of a secret, or of an address that may contain one.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { SettingError } from './errors';
import { readHosts, readProxies } from './hosts';
import { closestSetting, settingNames } from './names';
import { parseTemporal, type TemporalSettings } from './temporal-settings';

export interface Config {
  port: number;
  host: string;
  /** Unset: the embedded PostgreSQL. */
  databaseUrl?: string;
  temporal: TemporalSettings;
  /** Unset: the built-in inbox. */
  smtpUrl?: string;
  /** Absolute. */
  dataDir: string;
  /** Absolute: where downloads and builds are kept. */
  cacheDir: string;
  timeScale: number;
  /** Who messages are from: `Shop <shop@example.com>`. */
  from?: string;
  /** The origin of links in messages, without a slash at its end. */
  publicUrl?: string;
  writeKey?: string;
  secretKey?: string;
  adminPassword?: string;
  signingKey?: string;
  /** Whose addresses a browser's events may bring into messages. */
  allowedHosts: string[];
  /** How many proxies stand before us, or which, as Express takes it. Unset: none, and nobody's word is taken for it. */
  trustProxy?: number | string;
  /** The least that is worth a line in the log. */
  logLevel: (typeof logLevels)[number];
  /** Where `serve` without the API answers about its health and metrics. Unset: nowhere. */
  metricsPort?: number;
  /** Where people find Temporal's UI, without a slash at its end. Unset: the embedded one's, or no links to it. */
  temporalUiUrl?: string;
  redisUrl?: string;
  kafkaBrokers?: string[];
  amqpUrl?: string;
}

export type Env = Record<string, string | undefined>;

/** Keys below this length can be guessed or searched for. */
export const shortestKey = 24;

const url = (...schemes: string[]): z.ZodType<string> =>
  z.string().refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)), {
    error: `it is no ${schemes.join(':// or ')}:// address`,
  });
const key = z
  .string()
  .min(shortestKey, { error: `it has fewer than ${shortestKey} characters` })
  .regex(/^[\x21-\x39\x3b-\x7e]+$/, { error: 'it has spaces, colons or characters outside ASCII' });
const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
const port = z.coerce
  .number({ error: 'it is no number' })
  .int('it is no whole number')
  .min(0, 'it is below 0')
  .max(65_535, 'it is above 65535');
const broker = /^[^\s,:]+:\d{1,5}$/;

const schema = z.object({
  PORT: port.default(3000),
  SOJOURN_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:-]+$/, { error: 'it is no host name or address' })
    .default('127.0.0.1'),
  DATABASE_URL: url('postgres', 'postgresql').optional(),
  SMTP_URL: url('smtp', 'smtps').optional(),
  SOJOURN_DATA: z.string().default('.sojourn'),
  SOJOURN_CACHE: z.string().optional(),
  SOJOURN_TIME_SCALE: z.coerce
    .number({ error: 'it is no number' })
    .min(1, 'it is below 1')
    .max(100_000, 'it is above 100000')
    .default(1),
  SOJOURN_FROM: z
    .string()
    .regex(/^([^<>@]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/, { error: 'it is no sender' })
    .optional(),
  SOJOURN_PUBLIC_URL: url('https', 'http').optional(),
  SOJOURN_WRITE_KEY: key.optional(),
  SOJOURN_SECRET_KEY: key.optional(),
  SOJOURN_ADMIN_PASSWORD: z.string().min(12, { error: 'it has fewer than 12 characters' }).optional(),
  SOJOURN_SIGNING_KEY: z
    .string()
    .min(shortestKey, { error: `it has fewer than ${shortestKey} characters` })
    .optional(),
  SOJOURN_ALLOWED_HOSTS: z
    .string()
    .transform(readHosts)
    .refine((hosts) => hosts.every((host) => host !== undefined), {
      error: 'it is no list of host names, which have no scheme, port or path',
    })
    .optional(),
  SOJOURN_TRUST_PROXY: z
    .string()
    .transform(readProxies)
    .refine((proxies) => proxies !== undefined, {
      error: 'it is neither a number of proxies, from 1 to 20, nor a list of addresses',
    })
    .optional(),
  SOJOURN_LOG_LEVEL: z.enum(logLevels, { error: `it is none of ${logLevels.join(', ')}` }).default('info'),
  SOJOURN_METRICS_PORT: port.optional(),
  SOJOURN_TEMPORAL_UI_URL: url('https', 'http').optional(),
  REDIS_URL: url('redis', 'rediss').optional(),
  KAFKA_BROKERS: z
    .string()
    .transform((value) => value.split(',').map((each) => each.trim()))
    .refine((brokers) => brokers.every((each) => broker.test(each)), { error: 'it is no list of host:port' })
    .optional(),
  AMQP_URL: url('amqp', 'amqps').optional(),
});

type SettingName = keyof typeof schema.shape;

/** What to do about a bad value, by an example. */
const remedies: Record<SettingName, string> = {
  PORT: 'For example PORT=3000',
  SOJOURN_HOST: 'For example SOJOURN_HOST=0.0.0.0',
  DATABASE_URL: 'For example DATABASE_URL=postgres://user:password@host:5432/sojourn',
  SMTP_URL: 'For example SMTP_URL=smtp://user:password@host:587',
  SOJOURN_DATA: 'For example SOJOURN_DATA=.sojourn',
  SOJOURN_CACHE: 'For example SOJOURN_CACHE=/var/cache/sojourn',
  SOJOURN_TIME_SCALE: 'For example SOJOURN_TIME_SCALE=60, a minute then takes a second',
  SOJOURN_FROM: 'For example SOJOURN_FROM="Shop <shop@example.com>"',
  SOJOURN_PUBLIC_URL: 'For example SOJOURN_PUBLIC_URL=https://journeys.example.com',
  SOJOURN_WRITE_KEY: 'Make one with: openssl rand -hex 24',
  SOJOURN_SECRET_KEY: 'Make one with: openssl rand -hex 24',
  SOJOURN_ADMIN_PASSWORD: 'Choose a longer one.',
  SOJOURN_SIGNING_KEY: 'Make one with: openssl rand -hex 32',
  SOJOURN_ALLOWED_HOSTS: 'For example SOJOURN_ALLOWED_HOSTS=shop.example.com,images.example.com',
  SOJOURN_TRUST_PROXY: 'For example SOJOURN_TRUST_PROXY=1, or SOJOURN_TRUST_PROXY=loopback,10.0.0.0/8',
  SOJOURN_LOG_LEVEL: 'For example SOJOURN_LOG_LEVEL=debug, which also logs requests',
  SOJOURN_METRICS_PORT: 'For example SOJOURN_METRICS_PORT=9464',
  SOJOURN_TEMPORAL_UI_URL: 'For example SOJOURN_TEMPORAL_UI_URL=https://cloud.temporal.io',
  REDIS_URL: 'For example REDIS_URL=redis://host:6379',
  KAFKA_BROKERS: 'For example KAFKA_BROKERS=host1:9092,host2:9092',
  AMQP_URL: 'For example AMQP_URL=amqp://user:password@host:5672',
};

export function parseConfig(given: Env): Config {
  // An empty variable counts as unset, as it does in most tools.
  const env = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== ''));
  refuseUnknown(env);
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = String(issue?.path[0] ?? 'the environment');
    throw new SettingError(name, issue?.message ?? 'it is wrong', remedies[name as SettingName] ?? 'See the README.');
  }
  const set = parsed.data;
  if (set.SOJOURN_WRITE_KEY !== undefined && set.SOJOURN_WRITE_KEY === set.SOJOURN_SECRET_KEY) {
    throw new SettingError('SOJOURN_WRITE_KEY', 'it is the same as SOJOURN_SECRET_KEY', remedies.SOJOURN_WRITE_KEY);
  }
  const config: Config = {
    port: set.PORT,
    host: set.SOJOURN_HOST,
    databaseUrl: set.DATABASE_URL,
    temporal: parseTemporal(env),
    smtpUrl: set.SMTP_URL,
    dataDir: resolve(set.SOJOURN_DATA),
    cacheDir: resolve(set.SOJOURN_CACHE ?? join(cacheHome(env), 'sojourn')),
    timeScale: set.SOJOURN_TIME_SCALE,
    from: set.SOJOURN_FROM,
    publicUrl: set.SOJOURN_PUBLIC_URL?.replace(/\/+$/, ''),
    writeKey: set.SOJOURN_WRITE_KEY,
    secretKey: set.SOJOURN_SECRET_KEY,
    adminPassword: set.SOJOURN_ADMIN_PASSWORD,
    signingKey: set.SOJOURN_SIGNING_KEY,
    allowedHosts: set.SOJOURN_ALLOWED_HOSTS?.filter((host) => host !== undefined) ?? [],
    trustProxy: set.SOJOURN_TRUST_PROXY,
    logLevel: set.SOJOURN_LOG_LEVEL,
    metricsPort: set.SOJOURN_METRICS_PORT,
    temporalUiUrl: set.SOJOURN_TEMPORAL_UI_URL?.replace(/\/+$/, ''),
    redisUrl: set.REDIS_URL,
    kafkaBrokers: set.KAFKA_BROKERS,
    amqpUrl: set.AMQP_URL,
  };
  refuseScaledRealParts(config);
  return config;
}

function refuseUnknown(env: Env): void {
  const known: readonly string[] = settingNames;
  for (const name of Object.keys(env)) {
    if (!name.startsWith('SOJOURN_') || known.includes(name)) continue;
    const closest = closestSetting(name);
    const remedy = closest ? `Did you mean ${closest}?` : `The settings are ${settingNames.join(', ')}.`;
    throw new SettingError(name, 'there is no such setting', remedy);
  }
}

/** The XDG base directory specification: a relative path there is to be ignored. */
function cacheHome(env: Env): string {
  return env.XDG_CACHE_HOME?.startsWith('/') ? env.XDG_CACHE_HOME : join(homedir(), '.cache');
}

function refuseScaledRealParts({ timeScale, databaseUrl, temporal }: Config): void {
  if (timeScale === 1 || (!databaseUrl && !temporal.address)) return;
  throw new SettingError(
    'SOJOURN_TIME_SCALE',
    `time can only be sped up on embedded parts, and ${databaseUrl ? 'DATABASE_URL' : 'TEMPORAL_ADDRESS'} is set`,
    'Unset one of the two.',
  );
}
