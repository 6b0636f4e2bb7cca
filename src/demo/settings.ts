/** The settings of `sojourn demo`: those of the environment, and what a demo takes where they say nothing. */
import { SettingError, type Env } from '../config';

/** Throws a `SettingError` where real parts are named, whose time can't be sped up. */
export function demoSettings(given: Env): Env {
  const env = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== ''));
  for (const name of ['DATABASE_URL', 'TEMPORAL_ADDRESS']) {
    if (env[name] === undefined) continue;
    throw new SettingError(
      name,
      'the demo speeds time up, which only its own PostgreSQL and Temporal server allow',
      `Unset ${name}, or use sojourn start.`,
    );
  }
  const publicUrl = env['SOJOURN_PUBLIC_URL'];
  const publicHost = publicUrl !== undefined && URL.canParse(publicUrl) ? [new URL(publicUrl).hostname] : [];
  return {
    SOJOURN_TIME_SCALE: '60',
    SOJOURN_DATA: '.sojourn-demo',
    // The pictures of products stand on the shop's own host, by whichever of its names it was opened.
    SOJOURN_ALLOWED_HOSTS: [...new Set([...publicHost, '127.0.0.1', 'localhost'])].join(','),
    // Who owns a real mail server says who its mails are from.
    ...(env['SMTP_URL'] === undefined && { SOJOURN_FROM: 'Fjord & Oak <hello@fjord-and-oak.example>' }),
    ...env,
  };
}
