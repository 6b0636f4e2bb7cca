/** The names of all settings, and the closest one to a name that is none of them. */
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

/** Levenshtein's distance: how many letters are to be put in, taken out or changed. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
