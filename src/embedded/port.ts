/** Loopback ports: finding a free one, and saying in one line that a wanted one is taken. */
import { createServer } from 'node:net';
import { PartError } from './errors';

/** Whether a server could listen there at this moment. */
export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return (await whyNot(port, host)) === undefined;
}

/** The system's code for what keeps a server from listening there at this moment. */
function whyNot(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(undefined)));
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
  const code = await whyNot(port, host);
  if (code !== undefined) throw cannotListen(code, port, host, setting);
}

/** What the system's code means to whoever set the port and the host. */
export function cannotListen(code: string, port: number, host: string, setting: string): PartError {
  switch (code) {
    case 'EADDRINUSE': {
      const remedy = `Stop it, or choose another port: ${setting}=${port + 1}`;
      return new PartError(setting, `port ${port} on ${host} is taken by another program`, remedy);
    }
    case 'EACCES':
      return new PartError(
        setting,
        `this user may not listen on port ${port}`,
        `Choose one above 1023: ${setting}=3000`,
      );
    default: {
      const remedy = 'Leave it out for this machine alone, or set 0.0.0.0 for all of its addresses';
      return new PartError('SOJOURN_HOST', `'${host}' is no address of this machine (${code})`, remedy);
    }
  }
}
