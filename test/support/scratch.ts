import { makeScratch, removeScratch } from './run-folder';

/** A folder of its own: removed when the test is over; asked for outside a test, at the end of the run. */
export async function scratchFolder(): Promise<string> {
  // Benches use the parts of this folder without vitest, which can't be loaded outside its own runs.
  const { expect, onTestFinished } = await import('vitest');
  const folder = await makeScratch('test');
  // What a file's own hooks still stop may lie in a folder of the file: no hook of ours could be sure to come last.
  if (expect.getState().currentTestName !== undefined) onTestFinished(() => removeScratch(folder));
  return folder;
}
