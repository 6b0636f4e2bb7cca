/** The names of all settings, and the closest one to a name that is none of them. */
import { editDistance } from './edit-distance';

export const settingNames = [
  'SOJOURN_HOST',
  'SOJOURN_DATA',
  'SOJOURN_CACHE',
  'SOJOURN_TIME_SCALE',
  'SOJOURN_FROM',
  'SOJOURN_PUBLIC_URL',
  'SOJOURN_WRITE_KEY',
  'SOJOURN_SECRET_KEY',
  'SOJOURN_ADMIN_PASSWORD',
  'SOJOURN_SIGNING_KEY',
  'SOJOURN_ALLOWED_HOSTS',
  'SOJOURN_TRUST_PROXY',
  'SOJOURN_LOG_LEVEL',
  'SOJOURN_METRICS_PORT',
  'SOJOURN_TEMPORAL_UI_URL',
] as const;

export function closestSetting(name: string): string | undefined {
  const [closest] = settingNames
    .map((known) => ({ known, distance: editDistance(name, known) }))
    .sort((a, b) => a.distance - b.distance);
  return closest && closest.distance <= 5 ? closest.known : undefined;
}
