import type { Config } from './config';
import { SettingError } from './errors';

/** What a start on real parts can't do without. */
export interface ProductionConfig extends Config {
  databaseUrl: string;
  temporal: Config['temporal'] & { address: string };
  from: string;
  publicUrl: string;
  writeKey: string;
  secretKey: string;
  adminPassword: string;
  signingKey: string;
}

const needed = [
  ['databaseUrl', 'DATABASE_URL', 'For example DATABASE_URL=postgres://user:password@host:5432/sojourn'],
  ['smtpUrl', 'SMTP_URL', 'For example SMTP_URL=smtp://user:password@host:587'],
  ['from', 'SOJOURN_FROM', 'For example SOJOURN_FROM="Shop <shop@example.com>"'],
  ['publicUrl', 'SOJOURN_PUBLIC_URL', 'For example SOJOURN_PUBLIC_URL=https://journeys.example.com'],
  ['writeKey', 'SOJOURN_WRITE_KEY', 'Make one with: openssl rand -hex 24'],
  ['secretKey', 'SOJOURN_SECRET_KEY', 'Make one with: openssl rand -hex 24'],
  ['adminPassword', 'SOJOURN_ADMIN_PASSWORD', 'Choose one of 12 characters or more.'],
  ['signingKey', 'SOJOURN_SIGNING_KEY', 'Make one with: openssl rand -hex 32'],
] as const;

/**
 * Throws a `SettingError` for the first setting that a start on real parts lacks; it also names the others.
 * A process that `sends` needs SMTP_URL too; one with other roles does not.
 */
export function requireProduction(config: Config, { sends = true } = {}): ProductionConfig {
  const missing: { setting: string; remedy: string }[] = needed
    .filter(([name]) => config[name] === undefined && (sends || name !== 'smtpUrl'))
    .map(([, setting, remedy]) => ({ setting, remedy }));
  if (!config.temporal.address) {
    missing.unshift({ setting: 'TEMPORAL_ADDRESS', remedy: 'For example TEMPORAL_ADDRESS=temporal.internal:7233' });
  }
  const [first, ...others] = missing;
  if (first) {
    const also = others.length > 0 ? ` (so are ${others.map(({ setting }) => setting).join(', ')})` : '';
    throw new SettingError(
      first.setting,
      `it is needed outside the embedded stack, and is not set${also}`,
      first.remedy,
    );
  }
  // What was just looked for is there.
  return config as ProductionConfig;
}
