/** Liveness, readiness by part, metrics. */
import type { AppDeps } from './deps';
import type { Authenticator } from './auth';
import { sendJson, type Routes } from './routes';

/** A part that has not answered by then counts as down. */
const partWithinMs = 2_000;

interface PartState {
  ready: boolean;
  detail?: string;
}

async function ask(part: () => Promise<unknown>): Promise<PartState> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${partWithinMs / 1_000} s`)), partWithinMs);
    });
    await Promise.race([part(), late]);
    return { ready: true };
  } catch (error) {
    return { ready: false, detail: firstLine(error) };
  } finally {
    clearTimeout(timer);
  }
}

function firstLine(error: unknown): string {
  const cause: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split('\n')[0]?.slice(0, 300) ?? '';
}

export function healthRoutes(
  routes: Routes,
  { metrics, readiness, mayBeAway = ['temporal'] }: AppDeps,
  auth: Authenticator,
): void {
  routes.get('/healthz', (_req, res) => sendJson(res, 200, { status: 'ok' }));

  routes.get('/readyz', async (_req, res) => {
    const parts = await Promise.all(
      Object.entries(readiness).map(async ([name, part]) => [name, await ask(part)] as const),
    );
    const ready = parts.every(([name, state]) => state.ready || mayBeAway.includes(name));
    sendJson(res, ready ? 200 : 503, { ready, parts: Object.fromEntries(parts) });
  });

  routes.get('/metrics', async (req, res) => {
    await auth.authenticate(req, 'secret');
    const text = await metrics.registry.metrics();
    res.writeHead(200, { 'content-type': metrics.registry.contentType, 'cache-control': 'no-store' });
    res.end(text);
  });
}
