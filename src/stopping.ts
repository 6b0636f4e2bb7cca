/** Stops what was started, the last first; one that fails to stop does not keep the others from it. */
export async function stopInOrder(started: { stop(): Promise<void> }[]): Promise<void> {
  let failed: unknown;
  for (const one of started.splice(0).reverse()) {
    await one.stop().catch((error: unknown) => (failed ??= error));
  }
  if (failed !== undefined) throw failed;
}

/**
 * Calls `stop` at the first Ctrl-C or SIGTERM, or when the terminal is closed, then exits with 0, or with 1 if it failed.
 * A second Ctrl-C does not wait any longer.
 */
function stopOnSignals(stop: () => Promise<void>, say: (line: string) => void): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) {
      if (signal === 'SIGINT') process.exit(130);
      return;
    }
    stopping = true;
    say(
      signal === 'SIGINT'
        ? 'Stopping (Ctrl-C again to stop at once)'
        : `Stopping, by ${signal} (Ctrl-C to stop at once)`,
    );
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        say(`Stopped, but not in order: ${error instanceof Error ? error.message : String(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onSignal);
  // A terminal that is closed, or a reader that is gone, must not end us before what we started.
  process.stdout.on('error', () => undefined);
}

/**
 * Starts what stops in order at a signal, also while it is still starting: `start` is then told so, and what came of it
 * is stopped. Undefined when that happened; whoever gave the signal knows.
 */
export async function startUntilSignal<T extends { stop(): Promise<void> }>(
  start: (stopped: AbortSignal) => Promise<T>,
  say: (line: string) => void,
): Promise<T | undefined> {
  const starting = new AbortController();
  const begun = start(starting.signal);
  stopOnSignals(async () => {
    starting.abort(new Error('Stopped while starting.'));
    await begun.then(
      (started) => started.stop(),
      () => undefined,
    );
  }, say);
  try {
    const started = await begun;
    return starting.signal.aborted ? undefined : started;
  } catch (error) {
    if (starting.signal.aborted) return undefined;
    throw error;
  }
}
