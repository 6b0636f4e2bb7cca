/**
 * Starts a process of our image as Compose confines it: a file system that is read-only but for its tmpfs, nobody
 * special, no capabilities, no way to gain any. A mount namespace of its own stands in for the container, for which
 * this process has to be root on Linux.
 */
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../house/sources';
import type { Service } from '../support/compose-file';

/** `node`, as the image has it. */
const user = { id: '1000', home: '/home/node' };

/** What Docker gives a tmpfs unless the service says otherwise. */
const tmpfsDefaults = 'noexec,nosuid,nodev,mode=1777';

const script = `set -eu
folder=$1 packages=$2 tmpfs=$3; shift 3
mount --make-rprivate /
mount --bind "$folder" /mnt
mount --bind "$packages" /mnt/node_modules
for place in /mnt/node_modules /mnt /; do mount -o remount,bind,ro "$place"; done
for each in $tmpfs; do mount -t tmpfs -o "${'${each#*:}'}" tmpfs "${'${each%%:*}'}"; done
cd /mnt
exec setpriv --reuid ${user.id} --regid ${user.id} --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs "$@"`;

export interface Confinement {
  /** What the command goes behind. The folder has an empty node_modules, which the repository's stand in. */
  within: string[];
  environment: NodeJS.ProcessEnv;
}

export function confine({ raw }: Service, folder: string): Confinement {
  if (raw['read_only'] !== true || String(raw['cap_drop']) !== 'ALL') throw new Error('the service is not confined');
  const tmpfs = (raw['tmpfs'] as string[]).map((each) => {
    const [path, options = ''] = each.split(':');
    return `${path}:${[tmpfsDefaults, options].filter(Boolean).join(',')}`;
  });
  const packages = realpathSync(join(root, 'node_modules'));
  return {
    within: ['unshare', '--mount', 'sh', '-c', script, 'sh', folder, packages, tmpfs.join(' ')],
    environment: { HOME: user.home },
  };
}

/** Why nothing can be confined here, or undefined. */
export function noConfinement(service: Service, folder: string): string | undefined {
  const { within } = confine(service, folder);
  const [program = '', ...args] = [...within, process.execPath, '--eval', '0'];
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? undefined : `no container can be made here: ${error?.message ?? stderr.trim()}`;
}
