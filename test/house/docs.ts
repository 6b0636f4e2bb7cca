/** What the documents hold: their code blocks, the things they name between backticks, and their links. */
import { dirname, join } from 'node:path';
import { files, read } from './sources';

export const documents = ['README.md', ...files('docs', /\.md$/), ...files('bench', /\.md$/)];

export interface Block {
  document: string;
  /** The heading that it stands under, without its marks. */
  heading: string;
  line: number;
  language: string;
  text: string;
}

export function blocks(document: string): Block[] {
  const found: Block[] = [];
  let open: Block | undefined;
  let heading = '';
  for (const [index, line] of read(document).split('\n').entries()) {
    const fence = /^```(\S*)/.exec(line);
    if (open && fence) open = void found.push(open);
    else if (open) open.text += `${line}\n`;
    else if (fence) open = { document, heading, line: index + 1, language: fence[1] ?? '', text: '' };
    else heading = /^#+ (.+)$/.exec(line)?.[1] ?? heading;
  }
  return found;
}

/** The prose, without code blocks. */
export const prose = (document: string) => read(document).replace(/^```[\s\S]*?^```/gm, '');

/** `src/journey/port.ts`, `messages/`, `eslint.config.js`: what between backticks claims to be here. */
export function namedPaths(document: string): string[] {
  const spans = [...prose(document).matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);
  const ours =
    /^((src|docs|test|bench|workflows|activities|messages|eslint|bin)\/[\w./-]*|[\w-]+(\.[\w-]+)*\.(ts|js|md|json))$/;
  return spans.filter((span) => ours.test(span));
}

/** Where relative links lead, relative to the repository. */
export function links(document: string): string[] {
  const targets = [...prose(document).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
  return targets
    .filter((to) => !/^(https?:|#|mailto:)/.test(to))
    .map((to) => join(dirname(document), to.split('#')[0]!));
}

/** The npm commands that a document tells its reader to run: `start`, `test`, `run bench`. */
export function npmScripts(document: string): string[] {
  const matches = read(document).matchAll(/npm (?:run ([\w:-]+)|(start|test)\b)/g);
  return [...new Set([...matches].map((match) => match[1] ?? match[2]!))];
}
