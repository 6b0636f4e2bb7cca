/**
 * The time-skipping server as a process of ours, with the connections that tests talk to it over. The SDK's own way
 * gives a server five seconds to come up, which a cold and busy machine needs for Java alone, and leaves behind one
 * that needed longer; ours gives it a minute, tries again, and leaves none.
 */
import { Connection, type ConnectionOptions } from '@temporalio/client';
import { InternalConnectionOptionsSymbol, type InternalConnectionOptions } from '@temporalio/client/lib/connection';
import { msToTs, tsToMs } from '@temporalio/common/lib/time';
import { NativeConnection } from '@temporalio/worker';
import { join } from 'node:path';
import { freePort } from '../../src/embedded';
import { supervise, type SupervisedPart } from '../../src/embedded/supervise';
import { makeScratch, removeScratch } from '../support/run-folder';

export interface TimeSkippingServer {
  connection: Connection;
  nativeConnection: NativeConnection;
  namespace: string;
  /** The server's. */
  currentTimeMs(): Promise<number>;
  /** Lets the server's time go on by that much, at once. */
  sleep(ms: number): Promise<void>;
  close(): Promise<void>;
}

export interface ServerOptions {
  path: string;
  /** How long one start may take. */
  readyWithinMs?: number;
  starts?: number;
}

const namespace = 'default';

export async function startTimeSkippingServer(options: ServerOptions): Promise<TimeSkippingServer> {
  const folder = await makeScratch('time-skipping');
  const { server, address } = await startAgainAndAgain(folder, options).catch(async (error: unknown) => {
    await removeScratch(folder);
    throw error;
  });
  const connection = await connectTo(address);
  const nativeConnection = await NativeConnection.connect({ address });
  const { testService } = connection;
  if (!testService) throw new Error('The connection has no test service.');
  return {
    connection,
    nativeConnection,
    namespace,
    currentTimeMs: async () => tsToMs((await testService.getCurrentTime({})).time),
    sleep: async (ms) => void (await testService.unlockTimeSkippingWithSleep({ duration: msToTs(ms) })),
    async close() {
      await connection.close();
      await nativeConnection.close();
      await server.stop();
      await removeScratch(folder);
    },
  };
}

async function startAgainAndAgain(
  folder: string,
  { path, readyWithinMs = 60_000, starts = 3 }: ServerOptions,
): Promise<{ server: SupervisedPart; address: string }> {
  for (let start = 1; ; start++) {
    // Another process may take a port that was free a moment ago: each start has its own.
    const port = await freePort();
    const address = `127.0.0.1:${port}`;
    try {
      const server = await supervise({
        part: 'the time-skipping server',
        command: path,
        args: [String(port)],
        ready: () => answers(address),
        readyWithinMs,
        stopSignal: 'SIGTERM',
        stopWithinMs: 5_000,
        recordFile: join(folder, 'temporal.pid'),
        restart: false,
        log: () => undefined,
      });
      return { server, address };
    } catch (error) {
      if (start >= starts) throw error;
    }
  }
}

async function answers(address: string): Promise<void> {
  const connection = await connectTo(address);
  try {
    await connection.testService?.getCurrentTime({});
  } finally {
    await connection.close();
  }
}

function connectTo(address: string): Promise<Connection> {
  const options: ConnectionOptions & InternalConnectionOptions = {
    address,
    connectTimeout: '2s',
    [InternalConnectionOptionsSymbol]: { supportsTestService: true },
  };
  return Connection.connect(options);
}
