import { until } from './until';

interface Killable {
  pid(): number | undefined;
  stop(): Promise<void>;
}

/** Kills a part that is not started again by itself, and waits until nothing of it is left. */
export async function killAndWait(part: Killable | undefined): Promise<void> {
  const pid = part?.pid();
  if (!part || pid === undefined) return;
  process.kill(pid, 'SIGKILL');
  await until(() => !isThere(pid), { what: `the end of process ${pid}` });
  await part.stop();
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
