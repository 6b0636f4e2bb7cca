/**
 * Settings of the connection to Temporal, named as Temporal's own environment configuration names them:
 * https://docs.temporal.io/develop/environment-configuration
 */
import { readFileSync } from 'node:fs';
import { SettingError } from './errors';

/** As `@temporalio/client` and `@temporalio/worker` take it. */
export interface TemporalTls {
  serverNameOverride?: string;
  serverRootCACertificate?: Buffer;
  clientCertPair?: { crt: Buffer; key: Buffer };
}

export interface TemporalSettings {
  /** Unset: the embedded server. */
  address?: string;
  namespace: string;
  apiKey?: string;
  /** Unset: no TLS; `true`: with the system's certificates. */
  tls?: TemporalTls | true;
  /** Further headers of each call, from TEMPORAL_GRPC_META_*. */
  metadata: Record<string, string>;
}

type Env = Record<string, string | undefined>;

/** The values of one file or of the variable that holds it directly. */
function data(env: Env, name: string): Buffer | undefined {
  const path = env[`${name}_PATH`];
  const inline = env[`${name}_DATA`];
  if (path && inline) {
    throw new SettingError(`${name}_PATH`, `${name}_DATA is set too`, 'Set only one of the two.');
  }
  if (inline) return Buffer.from(inline);
  if (!path) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new SettingError(`${name}_PATH`, `the file ${path} can't be read (${why})`, 'Name a PEM file.');
  }
}

function flag(env: Env, name: string): boolean | undefined {
  const value = env[name]?.toLowerCase();
  if (!value) return undefined;
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw new SettingError(name, `'${env[name]}' is neither true nor false`, `Set ${name}=true or ${name}=false.`);
}

export function parseTemporal(env: Env): TemporalSettings {
  const address = env.TEMPORAL_ADDRESS;
  if (address && !/^[^\s/:]+:\d+$|^\[[0-9a-f:]+\]:\d+$/i.test(address)) {
    throw new SettingError(
      'TEMPORAL_ADDRESS',
      `'${address}' is no host:port`,
      'For example TEMPORAL_ADDRESS=127.0.0.1:7233',
    );
  }
  for (const name of Object.keys(env)) {
    if (env[name] && refused[name]) throw new SettingError(name, 'Sojourn does not read it', refused[name]);
  }
  return {
    address,
    namespace: env.TEMPORAL_NAMESPACE ?? 'default',
    apiKey: env.TEMPORAL_API_KEY,
    tls: parseTls(env),
    metadata: Object.fromEntries(
      Object.entries(env)
        .filter(([name, value]) => name.startsWith('TEMPORAL_GRPC_META_') && value)
        .map(([name, value]) => [
          name.slice('TEMPORAL_GRPC_META_'.length).toLowerCase().replaceAll('_', '-'),
          value ?? '',
        ]),
    ),
  };
}

/** Set, these would be expected to work; better to say that they do not. */
const refused: Record<string, string> = {
  TEMPORAL_TLS_DISABLE_HOST_VERIFICATION:
    'The TypeScript SDK always verifies the host; set TEMPORAL_TLS_SERVER_NAME or TEMPORAL_TLS_SERVER_CA_CERT_PATH.',
  TEMPORAL_CONFIG_FILE: 'Set TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and the others in the environment.',
  TEMPORAL_PROFILE: 'Set TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and the others in the environment.',
};

function parseTls(env: Env): TemporalTls | true | undefined {
  const wanted = flag(env, 'TEMPORAL_TLS');
  if (wanted === false) return undefined;
  const crt = data(env, 'TEMPORAL_TLS_CLIENT_CERT');
  const key = data(env, 'TEMPORAL_TLS_CLIENT_KEY');
  const serverRootCACertificate = data(env, 'TEMPORAL_TLS_SERVER_CA_CERT');
  const serverNameOverride = env.TEMPORAL_TLS_SERVER_NAME;
  if ((crt === undefined) !== (key === undefined)) {
    throw new SettingError(
      crt ? 'TEMPORAL_TLS_CLIENT_KEY_PATH' : 'TEMPORAL_TLS_CLIENT_CERT_PATH',
      'a client certificate needs its key, and a key its certificate',
      'Set both, or neither.',
    );
  }
  if (crt && key) return { clientCertPair: { crt, key }, serverRootCACertificate, serverNameOverride };
  if (serverRootCACertificate || serverNameOverride) return { serverRootCACertificate, serverNameOverride };
  // As in Temporal's own clients: an API key means TLS unless it is switched off.
  return wanted === true || env.TEMPORAL_API_KEY ? true : undefined;
}
