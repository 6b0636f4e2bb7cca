/**
 * Answers that cost the store something and that many tabs ask for again and again: asked at once they are made once, and
 * each is kept for as long as somebody who polls does not mind, longer if it was dear. A failed one is not kept.
 */
export interface KeptAnswers<T> {
  /** `key` names the answer: whatever it depends on must be in it. */
  get(key: string, make: () => Promise<T>): Promise<T>;
}

export interface KeptOptions {
  /** Answers that are held, the oldest dropped first. */
  most?: number;
  /** Wall's ms; a test's own. */
  now?: () => number;
}

const keptForMs = 2_000;
/** So that one question takes no more than a quarter of the time of one connection. */
const keptForCosts = 3;
const keptAtMostMs = 30_000;

export function createKeptAnswers<T>({ most = 50, now = () => performance.now() }: KeptOptions = {}): KeptAnswers<T> {
  interface Kept {
    answer: Promise<T>;
    /** Of one that is still being made, never. */
    until: number;
  }
  const kept = new Map<string, Kept>();

  function ask(key: string, make: () => Promise<T>): Promise<T> {
    const from = now();
    const one: Kept = { answer: make(), until: Infinity };
    kept.delete(key);
    kept.set(key, one);
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break;
      kept.delete(oldest);
    }
    one.answer.then(
      () => {
        const cost = now() - from;
        one.until = now() + Math.min(keptAtMostMs, Math.max(keptForMs, keptForCosts * cost));
      },
      () => {
        if (kept.get(key) === one) kept.delete(key);
      },
    );
    return one.answer;
  }

  return {
    get(key, make) {
      const found = kept.get(key);
      return found && found.until > now() ? found.answer : ask(key, make);
    },
  };
}
