/** Finds what a loader forgot to await: a template would print the promise as it is, into the mail. */

/** A mail shows far fewer; what is beyond is not looked at, so that a loader's answer may be of any size. */
const valuesAtMost = 100_000;

/** The way to the first promise in this, the shallowest first, as one would write it: `items[2].price`. */
export function promiseIn(value: object): string | undefined {
  const seen = new Set([value]);
  let left = valuesAtMost;
  // Grows while it is gone through.
  const toLookAt = [{ path: '', inside: value }];
  for (const { path, inside } of toLookAt) {
    for (const [step, one] of within(inside)) {
      if (left-- === 0) return undefined;
      if (typeof one !== 'object' || one === null || seen.has(one)) continue;
      const to = path + step;
      if (isPromise(one)) return to.replace(/^\./, '');
      seen.add(one);
      toLookAt.push({ path: to, inside: one });
    }
  }
  return undefined;
}

/** Also what only can be awaited as one: queries that are sent when they are. */
const isPromise = (value: object): boolean => 'then' in value && typeof value.then === 'function';

function* within(value: object): Generator<[step: string, value: unknown]> {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) yield [`[${index}]`, value[index]];
  } else if (!ArrayBuffer.isView(value)) {
    for (const name of Object.keys(value)) {
      yield [
        /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`,
        Reflect.get(value, name),
      ];
    }
  }
}
