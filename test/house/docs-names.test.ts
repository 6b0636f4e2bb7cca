/** What documents name is there: commands of `sojourn`, addresses of the API and of the pages. */
import { describe, expect, test } from 'vitest';
import { program } from '../../src/commands';
import { describeApi } from '../../src/http/openapi';
import { plan } from '../../events';
import { blocks, documents, prose } from './docs';
import { modules } from './modules';
import { files, read } from './sources';

/** What stands between backticks, and the lines of shell. */
const spans = (document: string): string[] => [
  ...[...prose(document).matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!),
  ...blocks(document).flatMap(({ language, text }) => (language === 'sh' ? text.split('\n') : [])),
];

const { commands } = await program([]);

describe('commands', () => {
  /** `sojourn keys create --kind browser` as `keys create`; what is wrong with it, or nothing. */
  function wrong(words: string[]): string | undefined {
    const [name, ...rest] = words;
    const command = commands.find((one) => one.name() === name);
    if (!command) return `there is no sojourn ${name}`;
    const named = command.commands.find((one) => one.name() === rest[0]);
    if (command.commands.length > 0 && rest[0] && !named) return `sojourn ${name} has no ${rest[0]}`;
    const known = [...(named ?? command).options.map((option) => option.long), '--help'];
    const odd = rest.find((word) => word.startsWith('--') && !known.includes(word.split('=')[0]));
    return odd && `sojourn ${name} has no ${odd}`;
  }

  test.each(documents)('%s names only those that there are', (document) => {
    const named = spans(document).flatMap((span) => {
      const match = /(?:npx |^)sojourn ([a-z][^#|&;]*)/.exec(span);
      return match ? [match[1]!.trim().split(/\s+/)] : [];
    });
    expect(named.map(wrong).filter((mistake) => mistake !== undefined)).toEqual([]);
  });

  test('would be caught', () => {
    expect([['kees'], ['keys', 'make'], ['start', '--fast']].map(wrong)).toEqual([
      'there is no sojourn kees',
      'sojourn keys has no make',
      'sojourn start has no --fast',
    ]);
  });
});

describe('addresses', () => {
  const pages = [...read('src/http/pages.ts').matchAll(/'(\/[\w/:-]*)',?/g)].map((match) => match[1]!);
  const ofTheDemo = ['/shop', '/demo'];
  const { paths } = describeApi(plan) as { paths: Record<string, Record<string, unknown>> };
  const known = [
    ...Object.entries(paths).map(([path, methods]) => ({ path: path.replaceAll(/\{\w+\}/g, ':any'), methods })),
    ...[...pages, ...ofTheDemo].map((path) => ({ path: path.replaceAll(/:\w+/g, ':any'), methods: { get: {} } })),
  ].map(({ path, methods }) => ({ like: new RegExp(`^${path.replaceAll(':any', '[^/]+')}/?$`), methods }));

  const folders = /^\/(tmp|etc|var|usr|data)\b/;

  function isThere(method: string | undefined, path: string): boolean {
    return known.some(({ like, methods }) => like.test(path) && (!method || method.toLowerCase() in methods));
  }

  test.each(documents)('%s names only those that there are', (document) => {
    const missing = spans(document).filter((span) => {
      const match =
        /^(?:(GET|POST|DELETE) )?(\/[\w./:-]*)(?:\?\S*)?$/.exec(span) ?? /^curl .*"\$SOJOURN()(\/[^"?]*)/.exec(span);
      return match?.[2] !== undefined && !folders.test(match[2]) && !isThere(match[1], match[2]);
    });
    expect(missing).toEqual([]);
  });

  test('would be caught', () => {
    expect(isThere('POST', '/v1/track')).toBe(true);
    expect(isThere('GET', '/v1/people/u1/timeline')).toBe(true);
    expect([isThere('DELETE', '/v1/track'), isThere(undefined, '/v1/trackk')]).toEqual([false, false]);
  });
});

test('docs/architecture.md names every module', () => {
  const text = read('docs/architecture.md');
  const folders = modules.map((name) => `src/${name.split('/')[0]}/`).filter((folder) => files(folder).length > 0);
  expect(folders.filter((folder) => !text.includes(`\`${folder}\``))).toEqual([]);
});
