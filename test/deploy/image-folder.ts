/** The files that the image has, by its Dockerfile, in a folder of this machine: what it lacks is missed here, too. */
import { cp, mkdir, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readDockerfile } from '../support/compose-file';
import { scratchFolder } from '../support';
import { root } from '../house/sources';

/** With the packages in it, or with an empty folder where they are to be mounted. */
export async function imageFolder(packages: 'linked' | 'to mount' = 'linked'): Promise<string> {
  const folder = join(await scratchFolder(), 'app');
  // Built pages, where they are built; packages, of which the image has only those that run.
  const built = existsSync(join(root, 'dist')) ? ['dist'] : [];
  for (const path of [...readDockerfile().copied, ...built]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await cp(join(root, path), join(folder, path), { recursive: true });
  }
  if (packages === 'linked') await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  else await mkdir(join(folder, 'node_modules'));
  return folder;
}
