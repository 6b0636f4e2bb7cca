/**
 * The metrics of Temporal's SDK (task latencies, pollers, slots, sticky cache), which its native core offers on an
 * address of its own. It gets one on the loopback interface, and what it says there is added to ours.
 */
const answerWithinMs = 2_000;
let chosen: Promise<string> | undefined;

/** Host and port. One for a process, as there is one core in a process; `freePort` finds it at the first call. */
export function sdkMetricsAddress(freePort: () => Promise<number>): Promise<string> {
  return (chosen ??= freePort().then((port) => `127.0.0.1:${port}`));
}

/** In the text format of Prometheus. Rejects while the core is not there. */
export async function readSdkMetrics(address: string): Promise<string> {
  const answer = await fetch(`http://${address}/metrics`, { signal: AbortSignal.timeout(answerWithinMs) });
  if (!answer.ok) throw new Error(`The metrics of Temporal's SDK answer ${answer.status}`);
  return answer.text();
}
