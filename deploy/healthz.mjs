// The image's health check: whether this process of Sojourn answers, where its API is or, without one, where its metrics are.
const { PORT, SOJOURN_METRICS_PORT } = process.env;
const ports = [PORT || 3000, ...(SOJOURN_METRICS_PORT ? [SOJOURN_METRICS_PORT] : [])];
const faults = await Promise.all(ports.map(faultOf));
if (faults.every(Boolean)) {
  process.stderr.write(`${faults.join('\n')}\n`);
  process.exitCode = 1;
}

async function faultOf(port) {
  const url = `http://127.0.0.1:${port}/healthz`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(4_000) });
    return answer.ok ? undefined : `${url} answered ${answer.status}`;
  } catch (error) {
    return `${url} does not answer: ${error.cause?.code ?? error.message}`;
  }
}
