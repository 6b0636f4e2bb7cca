/** How far one name is from another, and the known name that somebody is likely to have meant. */

/** Levenshtein's distance: how many letters are to be put in, taken out or changed to get from one name to the other. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The name that takes the fewest keystrokes to get to: at most a third of its letters. */
export function nearestName(names: readonly string[], name: string): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s-]+/g, '_');
  const [nearest] = names
    .map((known) => ({ known, strokes: editDistance(plain(name), plain(known)) }))
    .filter(({ known, strokes }) => strokes <= known.length / 3)
    .sort((a, b) => a.strokes - b.strokes);
  return nearest?.known;
}
