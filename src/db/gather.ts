/**
 * Group commit: what is asked for while a write is under way shares the next one. Alone, nobody waits for company.
 */

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
  let queue: Waiting<T, R>[] = [];
  let isWriting = false;

  async function writeAll(): Promise<void> {
    // A turn of the event loop lets those who come together share the first write, too.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) {
      const batch = queue.slice(0, atMost);
      queue = queue.slice(atMost);
      try {
        const results = await write(batch.map(({ item }) => item));
        // One result for each item, in order: what `write` promises.
        batch.forEach(({ resolve }, index) => resolve(results[index] as R));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isWriting = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject });
      if (isWriting) return;
      isWriting = true;
      void writeAll();
    });
}
