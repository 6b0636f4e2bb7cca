/** The list of the house, low to high (docs/architecture.md): a module imports only what stands above it in this list. */
export const modules = [
  'errors',
  'config',
  'clock',
  'observe',
  'db',
  'audit',
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
  'demo',
  'init',
  'pages',
] as const;

/**
 * The files of `src/` itself, and the commands in `src/commands/`, make the parts and put them together: they may import
 * every module and each other, and no module imports them.
 */
export const entries = 'the entries';

/** Imports against the list, of types alone. */
export const typesAllowed: { from: string; to: string; because: string }[] = [
  { from: 'pages', to: 'http', because: 'the pages read its answers, and only their types are on the other side' },
  { from: 'db', to: 'journey', because: "columns hold headers, events and outcomes as JSON: the journey's shapes" },
];

/** Imports past a module's index.ts: of the package's doors, and of what a browser's compiler reads. */
export const pastTheIndex: { from: string; to: string; because: string }[] = [
  { from: 'src/index.ts', to: 'src/events/plan.ts', because: 'definePlan alone: the rest of events needs the store' },
  { from: 'src/index.ts', to: 'src/messaging/message.ts', because: 'message alone: the rest of messaging needs Node' },
  { from: 'src/http/answers.ts', to: 'src/db/names.ts', because: 'the pages read these; the rest of db needs Node' },
  { from: 'src/testing.ts', to: 'src/prove/matchers.ts', because: 'only tests have Vitest' },
];

/**
 * Applications for a browser: built by Vite, so that their packages are there when one develops, and nothing of the
 * engine reaches them but types.
 */
export const browserApps = ['src/pages/', 'src/demo/shop/'];
export const inBrowser = (file: string): boolean => browserApps.some((folder) => file.startsWith(folder));

export interface Place {
  module: string;
  /** Its place in the list; the entries stand below every module. */
  rank: number;
}

/** The module that a file of `src/` belongs to. */
export function placeOf(file: string): Place | undefined {
  const inside = file.replace(/^src\//, '').replace(/\.tsx?$/, '');
  const rank = modules.findIndex((name) => inside === name || inside.startsWith(`${name}/`));
  if (rank >= 0) return { module: modules[rank]!, rank };
  const isEntry = !inside.includes('/') || inside.startsWith('commands/');
  return isEntry ? { module: entries, rank: modules.length } : undefined;
}
