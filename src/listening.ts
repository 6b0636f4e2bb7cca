/** What the processes' HTTP servers share: opening a port, and what they say of the parts behind them. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { sql } from 'kysely';
import type { Core } from './core';
import { needPort } from './embedded';
import type { AppDeps } from './http';
import type { createTemporalClient } from './runtime/worker';

type TemporalClient = ReturnType<typeof createTemporalClient>;

const temporalWithinMs = 2_000;

/** `setting` names what chooses the port, for the error that it is taken. */
export async function listen(server: Server, port: number, host: string, setting: string): Promise<void> {
  await needPort(port, host, setting);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

/**
 * Returns what closes the server: no connection is taken any more, and each that is open ends with the answer under way
 * on it, which says so. What is not answered within `drainMs` is cut off.
 */
export function closing(server: Server, drainMs: number): () => Promise<void> {
  // The last answer on each open connection. A listener for each answer would cost every event that is reported.
  const answers = new Map<Socket, ServerResponse | undefined>();
  server.on('connection', (socket: Socket) => {
    answers.set(socket, undefined);
    socket.once('close', () => answers.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage, res: ServerResponse) => {
    if (answers.has(socket)) answers.set(socket, res);
  });
  return async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    for (const answer of answers.values()) {
      if (answer && !answer.headersSent) answer.setHeader('connection', 'close');
    }
    const giveUp = setTimeout(() => server.closeAllConnections(), drainMs);
    await closed;
    clearTimeout(giveUp);
  };
}

/** By role of this process: what keeps it from its work, if anything does. Asked at any time, so before its start, too. */
export type Troubles = Record<string, () => string | undefined>;

/** The parts that every process needs and its own roles, asked by whoever wants to know whether it is ready. */
export function readinessOf({ db }: Core, temporal: TemporalClient, troubles: Troubles): AppDeps['readiness'] {
  const roles = Object.entries(troubles).map(([role, troubleOf]): [string, () => Promise<void>] => [
    role,
    async () => {
      const trouble = troubleOf();
      if (trouble !== undefined) throw new Error(trouble);
    },
  ]);
  return {
    ...Object.fromEntries(roles),
    postgres: () => sql`select 1`.execute(db),
    temporal: () =>
      temporal.withDeadline(Date.now() + temporalWithinMs, () => temporal.workflowService.getSystemInfo({})),
  };
}
