import { Command } from 'commander';
import { parseConfig } from '../config';
import { examine } from '../embedded';
import { print, run, withJson } from './output';

const marks = { ok: 'ok      ', missing: 'missing ', problem: 'PROBLEM ' } as const;

export function doctorCommand(): Command {
  return withJson(
    new Command('doctor').description('says which parts are found, which are not, and what to do'),
    'sojourn doctor --json',
  ).action(
    run(async ({ json }: { json?: boolean }) => {
      const findings = await examine(parseConfig(process.env));
      const lines = findings.map(
        ({ part, state, detail, remedy }) => `${marks[state]}${part}: ${detail}${remedy ? `\n        ${remedy}` : ''}`,
      );
      print(json, findings, lines.join('\n'));
      if (findings.some((finding) => finding.state === 'problem')) process.exitCode = 1;
    }),
  );
}
