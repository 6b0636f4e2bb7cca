/** What the accept bench posts, and to which servers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startProgram } from '../child';
import { asking, type Parts } from '../parts';
import { serve, type Role } from '../runs/sojourn';

export interface Server {
  port: number;
  headers: Record<string, string>;
  /** The program's processes, by what they are. */
  pids: Record<string, number>;
  /** Resolves when all that was acknowledged has been decided. */
  caughtUp?(): Promise<void>;
  stop(): Promise<void>;
}

export interface Load {
  title: string;
  /** How many people take turns; without it, each event is somebody new's. */
  people?: number;
  /** What the ratio to a server of this name should be. */
  aims?: Record<string, { atLeast: number }>;
}

export const signalWithStart = 'signal-with-start in the handler';
export const insertRow = 'one insert a request';
export const sojourn = 'Sojourn';
const withRouter = 'Sojourn, deciding all of it as well';

export const loads: readonly Load[] = [
  {
    title: 'each event of somebody new',
    aims: { [signalWithStart]: { atLeast: 30 }, [insertRow]: { atLeast: 1.5 } },
  },
  { title: 'people who come back', people: 1_000 },
];

/** By name. Ours comes last, so that whatever a server loses by having worked falls on it. */
export function serversOn(parts: Parts): Record<string, () => Promise<Server>> {
  const program = async (file: string): Promise<Server> => {
    const { port, pid, stop } = await startProgram(file, parts.env);
    return { port, headers: {}, pids: { program: pid }, stop };
  };
  const ours = async (roles: Role[]): Promise<Server> => {
    const { port, headers, pid, stop } = await serve(parts, roles);
    return { port, headers, pids: { program: pid }, stop };
  };
  const caughtUp = () => untilDecided(parts.databaseUrl);
  return {
    [signalWithStart]: () => program('naive/api.ts'),
    [insertRow]: () => program('accept/insert-row.ts'),
    [withRouter]: async () => ({ ...(await ours(['api', 'router'])), caughtUp }),
    [sojourn]: () => ours(['api']),
  };
}

async function untilDecided(databaseUrl: string): Promise<void> {
  const giveUpAt = performance.now() + 300_000;
  await asking(databaseUrl, async (client) => {
    while ((await client.query('select from sojourn.pending limit 1')).rowCount) {
      if (performance.now() > giveUpAt) throw new Error('The router had not decided all of it within five minutes.');
      await sleep(100);
    }
  });
}

/** What one server has left PostgreSQL to do is done before the next one begins. */
export async function tidy(databaseUrl: string): Promise<void> {
  await asking(databaseUrl, async (client) => {
    await client.query('vacuum analyze');
    await client.query('checkpoint');
  });
}
