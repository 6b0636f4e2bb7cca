/**
 * What loading content does not see: files that nothing uses, names and weights in a journey's body that only the compiler
 * looks at, verbs that are not awaited, which only lint does, and what a body asks of Node. Read from the text of the files,
 * so that nothing of them is run.
 */
import { nearestName } from '../config';
import { wrongWeights } from '../journey';
import type { Content } from './load-content';
import { sandboxRemarks } from './sandbox-remarks';
import { importedBy, lineAt, readSources, withoutExtension } from './sources';

export interface Remark {
  /** Relative to the content folder. */
  where: string;
  /** Where there is one. */
  line?: number;
  what: string;
  remedy: string;
  /** A run that comes there fails or goes wrong; otherwise it is only odd, or the file idle. */
  wrong: boolean;
}

/** In the order of the files' names and of their lines; what is so in several places of a file is said of the first. */
export async function remarksOn(content: Content): Promise<Remark[]> {
  const sources = await readSources(content.dir);
  const remarks = [
    ...idleMessages(sources, content),
    ...idleFiles(sources),
    ...unknownNames(sources, content),
    ...oddWeights(sources, content),
    ...looseVerbs(sources, content),
    ...(await sandboxRemarks(sources, content)),
  ].sort((a, b) => (a.where === b.where ? (a.line ?? 0) - (b.line ?? 0) : a.where < b.where ? -1 : 1));
  const said = new Set<string>();
  return remarks.filter(({ where, what }) => !said.has(where + what) && said.add(where + what));
}

/** As people read it. */
export const remarkInWords = ({ where, line, what, remedy }: Remark): string =>
  `${line === undefined ? where : `${where}:${line}`}: ${what}. ${remedy}`;

/** A folder with a message.ts that index.ts does not list. */
function idleMessages(sources: Map<string, string>, { messages }: Content): Remark[] {
  const ids = [...sources.keys()].flatMap((file) => /^messages\/([^/]+)\/message\.ts$/.exec(file)?.[1] ?? []);
  return ids
    .filter((id) => !messages.has(id))
    .map((id) => ({
      where: `messages/${id}`,
      what: `no journey can send it: messages/index.ts has no '${id}'`,
      remedy: 'Add it there, or remove the folder.',
      wrong: false,
    }));
}

/** What neither is loaded by its place nor imported by another file of the content. */
function idleFiles(sources: Map<string, string>): Remark[] {
  const imported = new Set(
    [...sources].flatMap(([file, source]) =>
      [...source.matchAll(/['"](\.{1,2}\/[^'"\n]+)['"]/g)].map(([, path]) => withoutExtension(importedBy(file, path!))),
    ),
  );
  const isIdle = (file: string) => !imported.has(withoutExtension(file));
  return [...sources.keys()].filter(isIdle).flatMap((where) => {
    if (/^activities\/(?!index\.ts$)/.test(where)) {
      return [
        {
          where,
          what: 'no journey can ask it: activities/index.ts does not import it',
          remedy: 'Add it there, or remove the file.',
          wrong: false,
        },
      ];
    }
    if (/^workflows\/(?![^/]+\.ts$)/.test(where)) {
      return [
        {
          where,
          what: 'it is no journey: those are the .ts files of workflows/ itself',
          remedy: 'Move it there, or import it from one.',
          wrong: false,
        },
      ];
    }
    return [];
  });
}

/** A verb that is a statement by itself: the run goes on, and may be over, before it is done. */
const looseVerb = /(?<=[;{}]\s*)\bj\s*\.\s*(?!now\b)(\w+)\s*\(/g;

/** Verbs that nothing waits for, which neither the compiler nor a simulation objects to; lint does where it is set up. */
function looseVerbs(sources: Map<string, string>, { journeys }: Content): Remark[] {
  return journeys.flatMap(({ file }) => {
    const source = sources.get(file) ?? '';
    return [...source.matchAll(looseVerb)].map(({ 1: verb, index }) =>
      verb === 'exit'
        ? {
            where: file,
            line: lineAt(source, index),
            what: 'it calls j.exit without returning it, and goes on',
            remedy: 'Write return j.exit(…).',
            wrong: true,
          }
        : {
            where: file,
            line: lineAt(source, index),
            what: `it calls j.${verb} without waiting for it`,
            remedy: `Write await j.${verb}(…).`,
            wrong: true,
          },
    );
  });
}

/** Messages and checks that a body names by a literal, and that do not exist. */
function unknownNames(sources: Map<string, string>, { journeys, messages, checks }: Content): Remark[] {
  return journeys.flatMap(({ file: where }) => {
    const source = sources.get(where) ?? '';
    return [...source.matchAll(/\.\s*(send|check)\(\s*(['"])([^'"\n]+)\2/g)].flatMap(({ 1: verb, 3: name, index }) => {
      const known = verb === 'send' ? [...messages.keys()] : Object.keys(checks);
      if (known.includes(name!)) return [];
      const meant = nearestName(known, name!);
      const list = verb === 'send' ? 'messages/index.ts' : 'activities/index.ts';
      const what = `it ${verb === 'send' ? 'sends' : 'asks'} '${name}', which ${list} does not have`;
      const remedy = `${meant === undefined ? '' : `Did you mean '${meant}'? `}Add it there, or correct the name.`;
      return [{ where, line: lineAt(source, index), what, remedy, wrong: true }];
    });
  });
}

/** Experiments whose weights are written as they are, and that nobody can be drawn by. */
function oddWeights(sources: Map<string, string>, { journeys }: Content): Remark[] {
  const experiment = /\.\s*experiment\(\s*(['"])([^'"\n]+)\1\s*,\s*\{([^{}]*)\}/g;
  return journeys.flatMap(({ file: where }) => {
    const source = sources.get(where) ?? '';
    return [...source.matchAll(experiment)].flatMap(({ 2: name, 3: written, index }) => {
      const wrong = wrongWeights(weightsIn(written!));
      if (!wrong) return [];
      const what = `the experiment '${name}': ${wrong.what}`;
      return [{ where, line: lineAt(source, index), what, remedy: `${wrong.remedy}.`, wrong: true }];
    });
  });
}

/** Weights that are numbers as written; one more stands for all else there is, which may be any. */
function weightsIn(written: string): Record<string, number> {
  const weights: Record<string, number> = {};
  const weight =
    /(?<=^|,)\s*(?:(['"])([^'"\n]*)\1|([\w$]+))\s*:\s*(-?(?:[\d_.]+(?:e[+-]?\d+)?|Infinity)|NaN)\s*(?=,|$)/gi;
  const rest = written.replace(weight, (_, __, quoted: string | undefined, bare: string, number: string) => {
    weights[quoted ?? bare] = Number(number.replaceAll('_', ''));
    return '';
  });
  return /^[\s,]*$/.test(rest) ? weights : { ...weights, '…': 1 };
}
