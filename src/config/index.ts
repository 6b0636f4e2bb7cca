export { parseConfig, shortestKey, type Config, type Env } from './config';
export { nearestName } from './edit-distance';
export { embeddedSecrets, secretSettings, type SecretName, type Secrets } from './embedded-secrets';
export { SettingError } from './errors';
export { requireProduction, type ProductionConfig } from './production';
export type { TemporalSettings, TemporalTls } from './temporal-settings';
