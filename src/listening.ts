/** What the processes' HTTP servers share: opening a port, and what they say of the parts behind them. */
import type { Server } from 'node:http';
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

/** The parts that every process needs, asked by whoever wants to know whether it is ready. */
export function readinessOf({ db }: Core, temporal: TemporalClient): AppDeps['readiness'] {
  return {
    postgres: () => sql`select 1`.execute(db),
    temporal: () =>
      temporal.withDeadline(Date.now() + temporalWithinMs, () => temporal.workflowService.getSystemInfo({})),
  };
}
