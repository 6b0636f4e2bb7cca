/** Does what it is given one after the other, in that order; what fails stops nobody else. */
export function oneByOne(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const doing = last.then(work);
    last = doing.catch(() => undefined);
    return doing;
  };
}
