// The image's health check: whether this process of Sojourn answers. Without the API it does so where its metrics are.
const { PORT, SOJOURN_METRICS_PORT } = process.env;
const url = `http://127.0.0.1:${SOJOURN_METRICS_PORT || PORT || 3000}/healthz`;
const failed = await fetch(url, { signal: AbortSignal.timeout(4_000) }).then(
  (answer) => (answer.ok ? undefined : `${url} answered ${answer.status}`),
  (error) => `${url} does not answer: ${error.cause?.code ?? error.message}`,
);
if (failed) {
  process.stderr.write(`${failed}\n`);
  process.exitCode = 1;
}
