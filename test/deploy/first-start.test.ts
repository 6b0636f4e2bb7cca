/** What docker-compose.yml's services see of each other while they come up for the first time. */
import { chmod } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startPostgres } from '../../src/embedded';
import { onPath } from '../../src/embedded/executable';
import { root } from '../house/sources';
import { scratchFolder } from '../support';
import { readCompose } from '../support/compose-file';
import { filledIn } from '../support/compose-variables';
import { startService } from '../support/service-process';

const pgIsReady = await onPath('pg_isready', process.env);
const why = pgIsReady === undefined ? ' (skipped: no pg_isready on the PATH)' : '';
const services = readCompose(filledIn());
const stores = ['postgres', 'temporal-postgres'];

// The image sets its database up with a server of which only the socket is open, ends it, and starts the real one.
test.skipIf(why)(`PostgreSQL is healthy once it is reached by others, not by its socket alone${why}`, async () => {
  const [dataDir, socket] = [await scratchFolder(), await scratchFolder()];
  await chmod(socket, 0o777);
  const settings = { unix_socket_directories: socket };
  const server = await startPostgres({ dataDir, log: () => undefined, settings, restart: false });
  const environment = { PGHOST: socket, PGPORT: String(server.port) };
  /** Asks with the service's own check, where the address that it names, if it names one, is this. */
  const check = async (name: string, address: string) => {
    const around = { folder: root, replace: { '127.0.0.1': address }, environment };
    return (await startService(services[name]!, around, services[name]!.healthcheck).ended()).ended;
  };
  try {
    for (const name of stores) {
      expect(await check(name, '127.0.0.2'), name).not.toBe(0);
      expect(await check(name, '127.0.0.1'), name).toBe(0);
    }
  } finally {
    await server.stop();
  }
});
