/** Sojourn as in production, two processes of each role, with the torture's own content and SMTP peer. */
import { Client, Connection } from '@temporalio/client';
import { freePort } from '../../src/embedded';
import { production, type Production } from '../e2e/processes';
import { nothingYet, type Acknowledged } from './acknowledged';
import { openContents, type Contents } from './contents';
import { openPeer, type Peer } from './peer';
import type { Seeded } from '../support/seeded';

export interface World {
  stack: Production;
  peer: Peer;
  /** The addresses of both API processes. */
  apis: string[];
  /** As any other program would have it. */
  temporal: Client;
  known: Acknowledged;
  contents: Contents;
  /** The generation that each process was last started on, by its name. */
  serving: Map<string, number>;
  close(): Promise<void>;
}

export async function openWorld(random: Seeded): Promise<World> {
  const peer = await openPeer(random.fork('peer'));
  const port = await freePort();
  const roles = {
    'api-1': 'api',
    'api-2': 'api',
    'router-1': 'router',
    'router-2': 'router',
    'worker-1': 'worker',
    'worker-2': 'worker',
  };
  const settings = Object.fromEntries(Object.keys(roles).map((name) => [name, { SMTP_URL: peer.url }]));
  const contents = await openContents();
  const stack = await production({
    roles,
    contentDir: contents.dir,
    settings: { ...settings, 'api-2': { SMTP_URL: peer.url, PORT: String(port) } },
  });
  const connection = await Connection.connect({ address: stack.temporal.address });
  return {
    stack,
    peer,
    apis: [stack.url, `http://127.0.0.1:${port}`],
    temporal: new Client({ connection, namespace: stack.temporal.namespace }),
    known: nothingYet(),
    contents,
    serving: new Map(Object.keys(roles).map((name) => [name, contents.generation()])),
    async close() {
      await connection.close();
      // What was given up in the middle of trouble may hang still.
      stack.postgres.goOn();
      const pid = stack.temporal.pid();
      if (pid !== undefined) process.kill(pid, 'SIGCONT');
      await Promise.all(Object.values(stack.roles).map((role) => role.kill()));
      await stack.close();
      await peer.close();
      await contents.close();
    },
  };
}
