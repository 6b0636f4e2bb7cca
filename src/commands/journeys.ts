import { Command } from 'commander';
import { parseConfig } from '../config';
import { loadContent, remarkInWords, remarksOn } from '../content';
import { describeHeader } from '../http';
import { contentDir, print, run, withJson } from './output';

interface Options {
  json?: boolean;
  bundle: boolean;
}

export function journeysCommand(): Command {
  return withJson(
    new Command('journeys').description('the journeys in this folder, checked, with their headers in words'),
    'sojourn journeys',
  )
    .option('--no-bundle', "without bundling them, which finds imports that Temporal's sandbox does not have")
    .action(
      run(async ({ json, bundle }: Options) => {
        const content = await loadContent(contentDir());
        if (bundle) {
          const { buildBundle } = await import('../runtime/worker');
          await buildBundle({ contentDir: contentDir(), cacheDir: parseConfig(process.env).cacheDir });
        }
        const { journeys } = content;
        const text = journeys.map(({ id, header }) =>
          [id, ...describeHeader(header).map((line) => `  ${line}`)].join('\n'),
        );
        print(
          json,
          journeys.map(({ id, file, header }) => ({ id, file, header })),
          text.join('\n\n'),
        );
        const remarks = await remarksOn(content);
        for (const remark of remarks) process.stderr.write(`sojourn: ${remarkInWords(remark)}\n`);
        if (remarks.some(({ wrong }) => wrong)) process.exitCode = 1;
      }),
    );
}
