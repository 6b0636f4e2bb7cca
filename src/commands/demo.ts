import { Command } from 'commander';
import { run } from './output';
import { runStack } from './run-stack';

interface Options {
  shoppers: boolean;
}

export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'Sojourn with a demo shop and an inbox, its clock 60 times as fast; opens with a page that says what to click',
    )
    .option('--no-shoppers', 'without the simulated people who walk through the shop')
    .addHelpText('after', '\nExample:\n  PORT=4000 sojourn demo --no-shoppers')
    .action(
      run(({ shoppers }: Options) =>
        runStack(settings, { demo: { shoppers } }, ({ url, dataDir }) => [
          '',
          `  ${url}/demo`,
          '',
          dim(`  Ctrl-C stops it. What it did is kept in ${dataDir}; remove that folder to begin anew.`),
        ]),
      ),
    );
}

const settings = async () => (await import('../demo')).demoSettings(process.env);

/** Only where somebody reads it: a file would keep the signs. */
const dim = (text: string): string => (process.stdout.isTTY ? `\u001b[2m${text}\u001b[22m` : text);
