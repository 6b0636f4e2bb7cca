import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Whether this process may put files into the folder, which need not be there yet. Makes and changes nothing. */
export async function isWritable(folder: string): Promise<boolean> {
  try {
    if (!(await stat(folder)).isDirectory()) return false;
    await access(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isMissing && folder !== dirname(folder) && isWritable(dirname(folder));
  }
}
