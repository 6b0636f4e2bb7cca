/**
 * What journeys, and the files that they import, ask of Node: much of it is not there in Temporal's sandbox, where they
 * run, and some of it is there and not what it seems. A name that the file itself gives to something is left alone.
 */
import { lackingGlobals } from '../journey';
import type { Content } from './load-content';
import type { Remark } from './remarks';
import { blank, lineAt, withImported, type Sources } from './sources';

interface Use {
  pattern: RegExp;
  /** The name that the file may have given to something of its own. */
  name: string;
  what: string;
  remedy: string;
  wrong: boolean;
}

/** Where a name of its own begins: no other's member or end; what is spread is. */
const alone = String.raw`(?<![\w$]|(?<!\.\.)\.)`;

/** What the bundler puts a value in the place of. */
const nodeEnv = String.raw`process\s*\.\s*env\s*\.\s*NODE_ENV\b`;

const uses: Use[] = [
  {
    pattern: new RegExp(`${alone}${nodeEnv}`, 'g'),
    name: 'process',
    what: "it asks for process.env.NODE_ENV, which is 'development' wherever journeys run",
    remedy: 'Ask for it in a check in activities/.',
    wrong: false,
  },
  ...lackingGlobals.map((name) => ({
    pattern: new RegExp(String.raw`${alone}(?!${nodeEnv})(?:globalThis\s*\.\s*)?${name}\s*(?:[([]|\??\.)`, 'g'),
    name,
    what: `it asks for ${name}, which Temporal's sandbox does not have`,
    remedy: 'Ask for it in a check in activities/.',
    wrong: true,
  })),
  {
    pattern: new RegExp(String.raw`${alone}setTimeout\s*\(`, 'g'),
    name: 'setTimeout',
    what: 'it waits by setTimeout, which no trace shows and no end of the run cuts short',
    remedy: 'Write await j.sleep(…).',
    wrong: false,
  },
  {
    pattern: new RegExp(String.raw`${alone}(?:Date\s*\.\s*now\b|new\s+Date\s*\(\s*\))`, 'g'),
    name: 'Date',
    what: "it takes the time from Date, which is not the stack's where its clock is faster",
    remedy: 'Use j.now().',
    wrong: false,
  },
  {
    pattern: new RegExp(String.raw`${alone}Math\s*\.\s*random\b`, 'g'),
    name: 'Math',
    what: 'it draws by Math.random(), which no page shows and no test can repeat',
    remedy: 'Use j.experiment(…).',
    wrong: false,
  },
];

export async function sandboxRemarks(sources: Sources, { dir, journeys }: Content): Promise<Remark[]> {
  const files = journeys.map(({ file }) => file);
  const reached = await withImported(dir, files, sources);
  return [...reached].flatMap(([where, source]) => {
    const code = source.replace(/(['"])(?:\\.|(?!\1)[^\\\n])*\1/g, blank);
    return uses.flatMap(({ pattern, name, what, remedy, wrong }) => {
      if (isOwn(code, name)) return [];
      return [...code.matchAll(pattern)].map(({ index }) => ({
        where,
        line: lineAt(code, index),
        what,
        remedy,
        wrong,
      }));
    });
  });
}

/** Declared, imported, or a parameter, as far as the text shows. */
function isOwn(code: string, name: string): boolean {
  const declared = String.raw`\b(?:function|const|let|var|class)\s+${name}\b`;
  const imported = String.raw`\bimport\b[^;()]*?\b${name}\b[^;()]*?\bfrom\b`;
  const parameter = String.raw`[({,]\s*${name}\s*[,:)}=]`;
  return new RegExp([declared, imported, parameter].join('|')).test(code);
}
