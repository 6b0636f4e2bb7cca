/** When a process counts as gone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { expect, test } from 'vitest';
import { onPath } from '../../src/embedded/executable';
import { isPortFree } from '../../src/embedded/port';
import { identify } from '../../src/embedded/process-record';
import { until } from '../support';

const python = await onPath('python3', process.env);
const why = platform() !== 'linux' ? 'only Linux tells of threads' : python ? '' : 'no python3 on the PATH';

/** Listens, and ends its first thread, but not the second: a server that was killed is like this for a moment. */
const program = `
import ctypes, socket, threading, time
listening = socket.create_server(('127.0.0.1', 0))
threading.Thread(target=time.sleep, args=(600,)).start()
print(listening.getsockname()[1], flush=True)
ctypes.CDLL(None).pthread_exit(None)`;

test.skipIf(why)(
  `a process is gone with its last thread, which still holds its ports${why && ` (${why})`}`,
  async () => {
    const child = spawn(python!, ['-c', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [said] = (await once(child.stdout, 'data')) as [Buffer];
      const port = Number(said.toString());
      await until(async () => / Z /.test(await readFile(`/proc/${child.pid}/stat`, 'utf8')), { what: 'a dead thread' });
      expect(await isPortFree(port)).toBe(false);
      expect(await identify(child.pid!)).toMatchObject({ pid: child.pid });
      child.kill('SIGKILL');
      await until(async () => (await identify(child.pid!)) === undefined, { what: 'the end' });
      expect(await isPortFree(port)).toBe(true);
    } finally {
      child.kill('SIGKILL');
    }
  },
);
