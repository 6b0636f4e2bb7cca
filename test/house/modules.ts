/** The list of the house, low to high (docs/architecture.md): a module imports only what stands above it in this list. */
export const modules = [
  'errors',
  'config',
  'clock',
  'db',
  'journey',
  'behaviour',
  'people',
  'events',
  'runs',
  'messaging',
  'content',
  'routing',
  'runtime/temporal',
  'runtime/simulated',
  'runtime/worker',
  'runtime/store-ops',
  'insight',
  'prove',
  'connect',
  'web',
  'http',
  'embedded',
] as const;

/**
 * The files of `src/` itself, and the commands in `src/commands/`, make the parts and put them together: they may import
 * every module and each other, and no module imports them.
 */
export const entries = 'the entries';

/** Imports against the list, of types alone. */
export const typesAllowed: { from: string; to: string; because: string }[] = [
  { from: 'db', to: 'journey', because: "columns hold headers, events and outcomes as JSON: the journey's shapes" },
];

export interface Place {
  module: string;
  /** Its place in the list; the entries stand below every module. */
  rank: number;
}

/** The module that a file of `src/` belongs to. */
export function placeOf(file: string): Place | undefined {
  const inside = file.replace(/^src\//, '').replace(/\.ts$/, '');
  const rank = modules.findIndex((name) => inside === name || inside.startsWith(`${name}/`));
  if (rank >= 0) return { module: modules[rank]!, rank };
  const isEntry = !inside.includes('/') || inside.startsWith('commands/');
  return isEntry ? { module: entries, rank: modules.length } : undefined;
}
