/**
 * The files that documents tell their reader to write: a code block whose first line names one (`// workflows/mine.ts`).
 * A file that is there already gets the block's lines added, as a reader would: its imports, and the entries of its list.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { blocks, type Block } from './docs';
import { read, root } from './sources';

const named = /^(?:\/\/|<!--) ((?:workflows|activities|messages|test)\/\S+\.(?:ts|mjml))\b/;

export interface WrittenFile {
  path: string;
  text: string;
  from: Block;
}

/** The file that a block is; undefined when it is only a piece of code. */
export function writtenBy(block: Block): WrittenFile | undefined {
  const path = named.exec(block.text)?.[1];
  if (path === undefined) return undefined;
  return { path, from: block, text: existsSync(join(root, path)) ? addTo(path, block) : block.text };
}

export function writtenFiles(documents: string[]): WrittenFile[] {
  const all = documents.flatMap(blocks).flatMap((block) => writtenBy(block) ?? []);
  const twice = all.filter(({ path }, index) => all.findIndex((other) => other.path === path) !== index);
  if (twice.length > 0) throw new Error(`written by two code blocks: ${twice.map(({ path }) => path).join(', ')}`);
  return all;
}

/** The file as it is, with the block's new imports above its own, and the block's entries first in their list. */
function addTo(path: string, { document, line, text }: Block): string {
  const there = read(path).split('\n');
  const lines = text.trimEnd().split('\n').slice(1);
  const imports = lines.filter((one) => one.startsWith('import ') && !there.includes(one));
  const opening = lines.find((one) => one.startsWith('export '));
  const entries = lines.filter((one) => /^ {2}\S/.test(one) && !there.includes(one));
  const at = there.findIndex((one) => one === opening);
  if (at < 0) throw new Error(`${document}:${line} ${path} has no line '${opening}' to add to`);
  there.splice(at + 1, 0, ...entries);
  there.splice(
    there.findIndex((one) => one.startsWith('import ')),
    0,
    ...imports,
  );
  return there.join('\n');
}
