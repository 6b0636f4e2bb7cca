import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { supervise, type SupervisedPart } from '../../src/embedded/supervise';
import { scratchFolder, until } from '../support';

interface PartOptions {
  lines?: string[];
  readyWithinMs?: number;
  ready?: () => Promise<void>;
}

/** A part that is ready once its process runs, and whose process does what `program` says. */
async function part(program: string, options: PartOptions): Promise<SupervisedPart> {
  const folder = await scratchFolder();
  return supervise({
    part: 'Part',
    command: process.execPath,
    args: ['-e', program],
    cwd: folder,
    ready: options.ready ?? (() => Promise.resolve()),
    readyWithinMs: options.readyWithinMs ?? 5_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 300,
    recordFile: join(folder, 'part.pid'),
    log: (line) => options.lines?.push(line),
  });
}

test('a part that dies at once, again and again, is started again ever more rarely', async () => {
  const lines: string[] = [];
  const running = await part('setTimeout(() => process.exit(3), 200)', { lines });
  await until(() => lines.some((line) => line.endsWith('again in 2 s')));
  await running.stop();
  expect(lines.filter((line) => line.includes('died'))).toEqual([
    'Part died (exit code 3); starting it again in 0.5 s',
    'Part died (exit code 3); starting it again in 1 s',
    'Part died (exit code 3); starting it again in 2 s',
  ]);
});

test('a part that ends while starting says what it said last', async () => {
  const program = 'console.error("no such thing"); process.exit(1)';
  const never = (): Promise<void> => Promise.reject(new Error('not yet'));
  await expect(part(program, { ready: never })).rejects.toThrow(
    'Part: ended while starting (exit code 1). It said last: no such thing',
  );
});

test('a part that never gets ready is given up, and none of it stays', async () => {
  const folder = await scratchFolder();
  const file = join(folder, 'pid');
  await writeFile(file, '');
  const program = `require('fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => 0, 1000)`;
  const never = (): Promise<void> => Promise.reject(new Error('not yet'));
  await expect(part(program, { ready: never, readyWithinMs: 1_000 })).rejects.toThrow('not ready within 1 s');
  const pid = Number(await readFile(file, 'utf8'));
  expect(pid).toBeGreaterThan(0);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('a part that does not heed its stop is killed after its time', async () => {
  const running = await part("process.on('SIGTERM', () => 0); setInterval(() => 0, 1000); console.log('up')", {});
  const pid = running.pid() ?? 0;
  await running.stop();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
