/**
 * Group commit: what is handed in while a write is under way shares the next one. Alone, nobody waits for company.
 */

export interface Gathering<W> {
  add(waiting: W): void;
  /** Resolves when all that was handed in has been handled. */
  idle(): Promise<void>;
}

export interface GatheringOptions<W> {
  /** How many of those that wait, from the front, go into the next write: at least one. */
  cut(queue: readonly W[]): number;
  /** Tells each of them what came of it; must not reject. */
  handle(batch: W[]): Promise<void>;
}

export function gathering<W>({ cut, handle }: GatheringOptions<W>): Gathering<W> {
  let queue: W[] = [];
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    // A turn of the event loop lets those who come together share the first write, too.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) {
      const taken = cut(queue);
      const batch = queue.slice(0, taken);
      queue = queue.slice(taken);
      await handle(batch);
    }
    writing = undefined;
  }

  return {
    add(waiting) {
      queue.push(waiting);
      writing ??= writeAll();
    },
    async idle() {
      while (writing) await writing;
    },
  };
}

interface Waiting<T, R> {
  item: T;
  resolve(result: R): void;
  reject(error: unknown): void;
}

/**
 * Answers each item with its result of `write`, which gets at most `atMost` of them and answers in their order. An
 * error of it is everybody's who shared it.
 */
export function gathered<T, R>(write: (items: T[]) => Promise<R[]>, atMost: number): (item: T) => Promise<R> {
  const { add } = gathering<Waiting<T, R>>({
    cut: (queue) => Math.min(queue.length, atMost),
    async handle(batch) {
      try {
        const results = await write(batch.map(({ item }) => item));
        // One result for each item, in order: what `write` promises.
        batch.forEach(({ resolve }, index) => resolve(results[index] as R));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    },
  });
  return (item) => new Promise((resolve, reject) => add({ item, resolve, reject }));
}
