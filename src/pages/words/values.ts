/** Values of events, traits and inputs on one line. */
const longest = 60;

export function value(of: unknown): string {
  if (of === null || of === undefined) return 'none';
  if (typeof of === 'string') return of.length > longest ? `${of.slice(0, longest - 1)}…` : of;
  if (typeof of === 'number' || typeof of === 'boolean') return String(of);
  if (Array.isArray(of)) {
    const names = of.map((one: unknown) => nameOf(one));
    const shown = names.slice(0, 3).join(', ');
    return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown || 'none';
  }
  return nameOf(of);
}

/** A thing among several is shown by its name, as an item in a cart is. */
function nameOf(of: unknown): string {
  if (typeof of !== 'object' || of === null) return value(of);
  for (const key of ['item_name', 'name', 'title', 'item_id', 'id']) {
    const named = (of as Record<string, unknown>)[key];
    if (typeof named === 'string' && named !== '') return value(named);
  }
  const text = JSON.stringify(of);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** `cart value 280, plan pro`: the first few of an object's entries. */
export function facts(of: unknown, most = 4): string {
  if (typeof of !== 'object' || of === null) return of === undefined ? '' : value(of);
  const entries = Object.entries(of);
  const shown = entries.slice(0, most).map(([name, one]) => `${name} ${value(one)}`);
  return entries.length > most ? `${shown.join(', ')} and ${entries.length - most} more` : shown.join(', ');
}
