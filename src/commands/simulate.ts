import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { loadContent } from '../content';
import { SojournError } from '../errors';
import { simulateScenario } from '../prove';
import { contentDir, print, run, withJson } from './output';

class BadScenario extends SojournError {
  readonly code = 'bad_scenario';
}

export function simulateCommand(): Command {
  return withJson(
    new Command('simulate').description('a journey on the simulated clock: what it would do, and why'),
    'sojourn simulate cart-abandonment --scenario scenario.json',
  )
    .argument('<journey>')
    .requiredOption('--scenario <file>', 'person and events, as JSON')
    .action(
      run(async (journey: string, { scenario, json }: { scenario: string; json?: boolean }) => {
        const content = await loadContent(contentDir());
        const text = await readFile(scenario, 'utf8').catch(() => {
          throw new BadScenario(`${scenario}: there is no such file. Name one with --scenario`);
        });
        const { answer, simulated, warnings } = await simulateScenario(journey, parse(scenario, text), content);
        for (const line of warnings) process.stderr.write(`sojourn: ${line}\n`);
        print(json, answer, simulated.timeline());
      }),
    );
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadScenario(`${file}: it is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
