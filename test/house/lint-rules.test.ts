/** Each of our lint rules fires on the mistake that it is for, says what to do, and is silent on what ships. */
import { ESLint, Linter } from 'eslint';
import { parser } from 'typescript-eslint';
import { describe, expect, test } from 'vitest';
import sojourn from '../../eslint/index.js';

const root = new URL('../..', import.meta.url).pathname;

/** The messages of our rules on `code`, as though it stood in `file`. */
function complaints(code: string, file = 'workflows/some-journey.ts'): string[] {
  const rules = Object.fromEntries(Object.keys(sojourn.rules).map((name) => [`sojourn/${name}`, 'error' as const]));
  const linter = new Linter({ cwd: root });
  const config: Linter.Config = {
    files: ['**/*.ts'],
    languageOptions: { parser },
    plugins: { sojourn },
    rules,
  };
  return linter.verify(code, [config], `${root}${file}`).map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

const body = (lines: string) => `export default journey('x', { on: 'login' }, async (j) => { ${lines} });`;

describe('code of the sandbox loads nothing but pure code', () => {
  const refused = [
    ['workflows/a.ts', `import { readFile } from 'node:fs/promises';`],
    ['workflows/a.ts', `import fs from 'fs';`],
    ['workflows/a.ts', `import pg from 'pg';`],
    ['workflows/a.ts', `import { type Pool } from 'pg';`], // stays as an import for its effects
    ['workflows/a.ts', `export * from 'kysely';`],
    ['workflows/a.ts', `const nodemailer = await import('nodemailer');`],
    ['workflows/a.ts', `const redis = require('redis');`],
    ['workflows/a.ts', `import { checks } from '../activities';`],
    ['workflows/a.ts', `import { openDatabase } from '../src/db';`],
    ['src/journey/a.ts', `import { z } from 'zod';`],
    ['src/journey/a.ts', `import { sleep } from '@temporalio/workflow';`],
    ['src/behaviour/a.ts', `import express from 'express';`],
    ['src/behaviour/a.ts', `import { accept } from '../events';`],
    ['src/runtime/temporal/a.ts', `import { Client } from '@temporalio/client';`],
    ['src/runtime/temporal/a.ts', `export { sql } from 'kysely';`],
    ['src/runtime/temporal/a.ts', `import { storeOps } from '../store-ops';`],
  ] as const;
  test.each(refused)('%s: %s', (file, code) => {
    const [first, ...more] = complaints(code, file);
    expect(first).toMatch(/^sojourn\/sandbox-imports: .*Ask for it in a check in activities\//);
    expect(more).toEqual([]);
  });

  const allowed = [
    ['workflows/a.ts', `import { journey } from '../sojourn';`],
    ['workflows/a.ts', `import { sleep } from '@temporalio/workflow';`],
    ['workflows/a.ts', `import type { Pool } from 'pg';`],
    ['workflows/a.ts', `export type { Checks } from '../activities';`],
    ['src/journey/a.ts', `import { ContentError } from '../errors';`],
    ['src/behaviour/a.ts', `import { matches } from '../journey';`],
    ['src/runtime/temporal/a.ts', `import { condition } from '@temporalio/workflow';`],
    ['src/runtime/temporal/a.ts', `import { runBody } from '../../journey';`],
    ['src/db/a.ts', `import pg from 'pg';`],
    ['activities/a.ts', `import { readFile } from 'node:fs/promises';`],
  ] as const;
  test.each(allowed)('%s may: %s', (file, code) => {
    expect(complaints(code, file)).toEqual([]);
  });
});

describe('journeys', () => {
  test.each([
    [`try { await j.send('m', {}); } catch {}`, 'j.send stands in a `try`'],
    [`try { await j.sleep('1 hour'); } finally { n++; }`, 'j.sleep stands in a `try`'],
    [`try { if (a) { await j.check('c'); } } catch (e) { log(e); }`, 'j.check stands in a `try`'],
    [`try { n++; } catch { await j.idle('1 hour'); }`, 'j.idle stands in a `try`'],
  ])('put no try around a verb: %s', (code, says) => {
    expect(complaints(body(code))).toEqual([expect.stringContaining(`no-catch-around-verbs: ${says}`)]);
  });

  test('may try what is no verb', () => {
    expect(complaints(body(`try { JSON.parse(j.event.x); } catch { return j.exit('unreadable'); }`))).toEqual([]);
  });

  test.each([`j.exit('emptied');`, `if (a) j.exit('emptied');`, `const e = j.exit('x'); return e;`])(
    'return what j.exit makes: %s',
    (code) => {
      expect(complaints(body(code))).toEqual([expect.stringMatching(/exit-returned: .*write `return j.exit/)]);
    },
  );

  test.each([`return j.exit('emptied');`, `return a ? j.exit('x') : j.exit('y');`])('may: %s', (code) => {
    expect(complaints(body(code))).toEqual([]);
  });

  test.each([
    [`j.sleep('1 hour');`, 'j.sleep'],
    [`void j.send('m', {});`, 'j.send'],
    [`const p = j.waitFor('login', {}); await p;`, 'j.waitFor'],
    [`await Promise.all([j.send('m', {})]);`, 'j.send'],
    [`j.send('m', {}).catch(() => {});`, 'j.send'],
  ])('await each verb where it is called: %s', (code, verb) => {
    expect(complaints(body(code))).toEqual([expect.stringContaining(`verbs-awaited: ${verb} is not awaited here`)]);
  });

  test('are watched by whatever name the body gives to j', () => {
    const code = `export default journey('x', {}, async (run) => { run.sleep('1 hour'); });`;
    expect(complaints(code)).toEqual([expect.stringContaining('verbs-awaited: j.sleep')]);
  });

  test.each([
    ['const t = Date.now();', 'j.now()'],
    ['const t = new Date();', 'j.now()'],
    ['const t = performance.now();', 'j.now()'],
    ['const n = Math.random();', 'j.experiment'],
    ['const id = crypto.randomUUID();', 'activities/'],
    ['setTimeout(() => {}, 10);', 'j.sleep'],
    [`const r = await fetch('https://example.com');`, 'activities/'],
    ['if (process.env.X) return;', 'activities/'],
  ])('take time, chance and the outside from j: %s', (code, instead) => {
    const found = complaints(body(code));
    expect(found).toEqual([expect.stringContaining('sojourn/deterministic')]);
    expect(found[0]).toContain(instead);
  });

  test('may make dates of given times', () => {
    expect(complaints(body(`const d = new Date(j.now()); const m = Math.max(1, 2);`))).toEqual([]);
  });
});

describe('the configuration', () => {
  const lint = async (code: string, file: string) => {
    const [result] = await new ESLint({ cwd: root }).lintText(code, { filePath: `${root}${file}` });
    return result?.messages.map((m) => m.ruleId) ?? [];
  };

  test('applies our rules to workflows/, and rules that know types to everything', async () => {
    const found = await lint(
      `import 'node:fs';\nexport async function f(j: { sleep(d: string): Promise<void> }) {\n  j.sleep('1 hour');\n  return Date.now();\n}\n`,
      'workflows/cart-abandonment.ts',
    );
    expect(found).toEqual(
      expect.arrayContaining([
        'sojourn/sandbox-imports',
        'sojourn/verbs-awaited',
        'sojourn/deterministic',
        '@typescript-eslint/no-floating-promises',
      ]),
    );
  }, 300_000);

  test('finds nothing in what ships', async () => {
    const results = await new ESLint({ cwd: root }).lintFiles([
      'workflows',
      'src/journey',
      'src/behaviour',
      'sojourn.ts',
    ]);
    expect(results.flatMap((r) => r.messages.map((m) => `${r.filePath}:${m.line} ${m.ruleId}: ${m.message}`))).toEqual(
      [],
    );
  }, 300_000);
});
