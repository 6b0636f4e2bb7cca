import { Command } from 'commander';
import { loadContent } from '../content';
import { describeHeader } from '../http';
import { contentDir, print, run, withJson } from './output';

export function journeysCommand(): Command {
  return withJson(
    new Command('journeys').description('the journeys in this folder, checked, with their headers in words'),
    'sojourn journeys',
  ).action(
    run(async ({ json }: { json?: boolean }) => {
      const { journeys } = await loadContent(contentDir());
      const text = journeys.map(({ id, header }) =>
        [id, ...describeHeader(header).map((line) => `  ${line}`)].join('\n'),
      );
      print(
        json,
        journeys.map(({ id, file, header }) => ({ id, file, header })),
        text.join('\n\n'),
      );
    }),
  );
}
