/**
 * docker-compose.yml and the Dockerfile as Compose and Docker read them: what each service runs, with what environment,
 * after what, and how it is found healthy. Only what our own files use is understood; the rest is refused.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const root = new URL('../..', import.meta.url).pathname;
export const composeFile = 'docker-compose.yml';

export type Variables = Record<string, string | undefined>;

export interface Service {
  name: string;
  image: string;
  /** Runs the image that is built here, from the Dockerfile. */
  ours: boolean;
  /** Entry point and arguments; empty where both are the image's own. */
  command: string[];
  environment: Record<string, string>;
  /** The check's command; undefined where the image's own counts, or none. */
  healthcheck?: string[];
  dependsOn: Record<string, 'service_healthy' | 'service_completed_successfully'>;
  /** Paths of this repository by where they are mounted. */
  mounts: Record<string, string>;
  stopGraceMs: number;
  /** As it stands in the file, for what is asked of it besides. */
  raw: Record<string, unknown>;
}

/** A variable that the file needs and that is missing: Compose stops there, and says this. */
export class MissingVariable extends Error {}

/** `${NAME}`, `${NAME:-otherwise}` and `${NAME:?why}`, where empty counts as unset. */
export function interpolate(text: string, variables: Variables): string {
  return text.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind: string, rest: string) => {
    const value = variables[name];
    if (value) return value;
    if (kind === '?') throw new MissingVariable(`${name}: ${rest}`);
    return kind === '-' ? rest : '';
  });
}

/** Every variable that the file asks for. */
export function variablesOf(file = composeFile): string[] {
  return [...new Set([...readFileSync(root + file, 'utf8').matchAll(/\$\{(\w+)/g)].map((match) => match[1]!))];
}

export function readCompose(variables: Variables, file = composeFile): Record<string, Service> {
  const document = parse(readFileSync(root + file, 'utf8'), { merge: true }) as { services: Record<string, unknown> };
  const { services } = everyText(document, (text) => interpolate(text, variables)) as typeof document;
  const image = readDockerfile();
  const all = Object.entries(services as Record<string, Raw>);
  const built = all.filter(([, raw]) => raw.build !== undefined).map(([, raw]) => raw.image);
  return Object.fromEntries(all.map(([name, raw]) => [name, serviceOf(name, raw, built.includes(raw.image), image)]));
}

interface Raw extends Record<string, unknown> {
  image: string;
  build?: string;
  entrypoint?: string[];
  command?: string[];
  environment?: Record<string, string>;
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: Service['dependsOn'][string] }>;
  volumes?: string[];
  stop_grace_period?: string;
}

function serviceOf(name: string, raw: Raw, ours: boolean, image: Image): Service {
  const [kind, ...test] = raw.healthcheck?.test ?? (ours && !raw.healthcheck?.disable ? image.healthcheck : []);
  if (kind !== undefined && kind !== 'CMD') throw new Error(`${name}: a health check is to be given as a list of CMD`);
  return {
    name,
    image: raw.image,
    ours,
    command: [...(raw.entrypoint ?? (ours ? image.entrypoint : [])), ...(raw.command ?? (ours ? image.command : []))],
    environment: { ...(ours ? image.environment : {}), ...raw.environment },
    ...(kind === undefined ? {} : { healthcheck: test }),
    dependsOn: Object.fromEntries(Object.entries(raw.depends_on ?? {}).map(([on, { condition }]) => [on, condition])),
    mounts: Object.fromEntries(
      (raw.volumes ?? [])
        .map((volume) => volume.split(':'))
        .filter(([from]) => from?.startsWith('./'))
        .map(([from = '', to = '']) => [to, from.slice(2)]),
    ),
    stopGraceMs: Number(raw.stop_grace_period?.replace(/s$/, '') ?? 10) * 1_000,
    raw,
  };
}

function everyText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => everyText(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, everyText(each, change)]));
}

export interface Image {
  /** What stands in each of its stages, in order. */
  stages: { from: string; name?: string; steps: { instruction: string; text: string }[] }[];
  environment: Record<string, string>;
  healthcheck: string[];
  entrypoint: string[];
  command: string[];
  /** What the last stage takes from the repository. */
  copied: string[];
  user?: string;
}

export function readDockerfile(file = 'Dockerfile'): Image {
  const lines = readFileSync(root + file, 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n');
  const stages: Image['stages'] = [];
  for (const line of lines.filter((each) => each.trim() !== '')) {
    const [, instruction = '', text = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    const [from = '', , name] = text.split(/\s+/);
    if (instruction === 'FROM') stages.push({ from, steps: [], ...(name === undefined ? {} : { name }) });
    else stages.at(-1)?.steps.push({ instruction, text: text.trim().replaceAll(/\s+/g, ' ') });
  }
  const last = stages.at(-1)?.steps ?? [];
  const texts = (wanted: string) => last.filter(({ instruction }) => instruction === wanted).map(({ text }) => text);
  const list = (text = '[]') => JSON.parse(text.slice(text.indexOf('['))) as string[];
  return {
    stages,
    environment: Object.fromEntries(
      texts('ENV').flatMap((text) => text.split(' ').map((pair) => pair.split('=') as [string, string])),
    ),
    healthcheck: ['CMD', ...list(texts('HEALTHCHECK')[0])],
    entrypoint: list(texts('ENTRYPOINT')[0]),
    command: list(texts('CMD')[0]),
    copied: texts('COPY')
      .filter((text) => !text.startsWith('--from'))
      .flatMap((text) => text.split(' ').slice(0, -1)),
    ...(texts('USER')[0] === undefined ? {} : { user: texts('USER')[0] }),
  };
}
