/** Loopback ports: finding a free one, and saying in one line that a wanted one is taken. */
import { createServer } from 'node:net';
import { PartError } from './errors';

/** Whether a server could listen there at this moment. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** The first free port of those preferred, else any free one. */
export async function freePort(preferred: number[] = [], host = '127.0.0.1'): Promise<number> {
  for (const port of preferred) if (await isPortFree(port, host)) return port;
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ port: 0, host, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => {
        if (address && typeof address === 'object') resolve(address.port);
        else reject(new PartError('ports', `no free port on ${host}`, 'Close some programs and start again.'));
      });
    });
  });
}

/** Throws one clear line when `port` can't be listened on. `setting` names what chooses it. */
export async function needPort(port: number, host: string, setting: string): Promise<void> {
  if (!(await isPortFree(port, host))) throw portTaken(port, host, setting);
}

export function portTaken(port: number, host: string, setting: string): PartError {
  return new PartError(
    setting,
    `port ${port} on ${host} is taken by another program`,
    `Stop it, or choose another port: ${setting}=${port + 1}`,
  );
}
