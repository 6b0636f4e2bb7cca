#!/usr/bin/env node
// What `npm test` runs: the checks (format, lint, types), then the tests, each with its output. The last line is
// `N passed, N failed[, N skipped]`, where a check counts as one test. Arguments choose test files, as vitest takes them.
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const chosen = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };

/** Runs one of the project's own programs in this terminal; resolves with its exit code. */
function run(program, args) {
  const entry = join(root, program);
  const child = spawn(process.execPath, [entry, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const pass = (signal) => child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  return new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', (code) => {
      process.off('SIGINT', pass).off('SIGTERM', pass);
      resolve(code ?? 1);
    });
  });
}

async function check(name, program, args) {
  const startedAt = Date.now();
  console.log(`\n── ${name}`);
  const code = await run(program, args);
  total[code === 0 ? 'passed' : 'failed']++;
  console.log(`── ${name}: ${code === 0 ? 'passed' : 'FAILED'} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
}

async function tests() {
  console.log('\n── tests');
  const report = join(tmpdir(), `sojourn-tests-${process.pid}.json`);
  const code = await run('node_modules/vitest/vitest.mjs', [
    ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ...chosen,
  ]);
  const found = await readFile(report, 'utf8').then(JSON.parse, () => undefined);
  await rm(report, { force: true });
  total.passed += found?.numPassedTests ?? 0;
  total.skipped += (found?.numPendingTests ?? 0) + (found?.numTodoTests ?? 0);
  // A file that can't be loaded has no tests, and an error between tests belongs to none: each counts as one failed.
  const unloaded = found?.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const failed = (found?.numFailedTests ?? 0) + (unloaded?.length ?? 0);
  total.failed += failed === 0 && code !== 0 ? 1 : failed;
}

if (chosen.length === 0) {
  await check('format', 'node_modules/prettier/bin/prettier.cjs', ['--check', '.']);
  await check('lint', 'node_modules/eslint/bin/eslint.js', ['.', '--max-warnings', '0']);
  await check('types', 'node_modules/typescript/bin/tsc', ['--noEmit']);
  await check('types of the pages', 'node_modules/typescript/bin/tsc', ['--noEmit', '-p', 'src/pages']);
  await check('types of the shop', 'node_modules/typescript/bin/tsc', ['--noEmit', '-p', 'src/demo/shop']);
  await check('pages are built', 'bin/run.mjs', ['src/web/build.ts']);
}
await tests();

const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed === 0 ? 0 : 1;
