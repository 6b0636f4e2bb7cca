/**
 * All that a body has of `process`: in place of `process.env.NODE_ENV`, which libraries ask for, Temporal's bundler puts
 * what it is there, in every bundle and on every machine. Whoever asks for more finds no `process` at all.
 */
export const bundledProcess = only({ env: only({ NODE_ENV: 'development' }) });

function only<T extends object>(there: T): T {
  const missing = (): never => {
    throw new ReferenceError('process is not defined');
  };
  return new Proxy(there, {
    get: (_, key) => (Object.hasOwn(there, key) ? Reflect.get(there, key) : missing()),
    has: missing,
    ownKeys: missing,
    set: missing,
  });
}
