import { openPartsHost } from './parts-host';
import { clearRunFolder, makeRunFolder, runFolderSetting } from './run-folder';
import { partsUrlSetting } from './shared-parts';

/** Opens what a test run shares before its first file; closes it after its last, and fails the run for what leaked. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await makeRunFolder();
  process.env[runFolderSetting] = folder;
  const host = await openPartsHost();
  process.env[partsUrlSetting] = host.url;
  return async () => {
    const databases = await host.close();
    const folders = await clearRunFolder(folder);
    const left = [...databases.map((name) => `database ${name}`), ...folders];
    if (left.length === 0) return;
    // Vitest only reports an error of a teardown; the exit code is ours to set.
    process.exitCode = 1;
    throw new Error(`Tests left behind: ${left.join(', ')}. Drop, stop or close them in afterAll.`);
  };
}
