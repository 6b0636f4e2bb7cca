/** Numbers as the pages show them. */
const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 });

/** `1,234`; from a hundred thousand on `123k`. */
export function count(n: number): string {
  // Whether the k is a small one differs from engine to engine.
  return Math.abs(n) < 100_000 ? whole.format(n) : short.format(n).toLowerCase();
}

/** Of 0 to 1: `12%`, with a tenth below ten percent. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0) return '0%';
  return value < 10 ? `${value.toFixed(1).replace(/\.0$/, '')}%` : `${Math.round(value)}%`;
}

/** Per second: `0.4`, `12`. */
export function rate(perSecond: number): string {
  if (perSecond === 0) return '0';
  if (perSecond < 0.01) return '<0.01';
  return perSecond < 10 ? perSecond.toFixed(perSecond < 1 ? 2 : 1).replace(/\.?0+$/, '') : count(perSecond);
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
