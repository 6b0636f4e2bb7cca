/** What the parts behind the API say of themselves, asked in one place whoever wants to know. */
import type { PartState } from './answers';
import type { AppDeps } from './deps';

export type PartStates = Record<string, PartState>;

export interface Parts {
  /** How they are now. Those who ask at once cost the parts one question. */
  now(): Promise<PartStates>;
  /** How they were some seconds ago: a part that is away takes seconds to be found so, and many tabs poll. */
  lately(): Promise<PartStates>;
}

/** A part that has not answered by then counts as down. */
const partWithinMs = 2_000;
const latelyMs = 5_000;

export function createParts(readiness: AppDeps['readiness']): Parts {
  let last: { at: number; states: Promise<PartStates>; isUnderWay: boolean } | undefined;

  function begin() {
    const asked = { at: performance.now(), states: statesOf(readiness), isUnderWay: true };
    void asked.states.finally(() => (asked.isUnderWay = false));
    return (last = asked);
  }

  return {
    now: () => (last?.isUnderWay ? last : begin()).states,
    lately: () => (last && performance.now() - last.at <= latelyMs ? last : begin()).states,
  };
}

async function statesOf(readiness: AppDeps['readiness']): Promise<PartStates> {
  const asked = Object.entries(readiness).map(async ([name, part]) => [name, await stateOf(part)] as const);
  return Object.fromEntries(await Promise.all(asked));
}

/** Never rejects: what went wrong is its `detail`. */
export async function stateOf(part: () => Promise<unknown>): Promise<PartState> {
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
