/**
 * The names by which people ask for a journey: its id, or the same words in another order, form or case, so that
 * `abandoned-cart`, `abandon_cart` and `cartAbandonment` all name `cart-abandonment`.
 */
const noise = new Set(['journey', 'flow', 'workflow', 'the', 'a']);
const endings = ['ments', 'ment', 'ings', 'ing', 'ies', 'ed', 'es', 's', 'e', 'y'];
const shortestStem = 3;

function stem(word: string): string {
  const ending = endings.find((end) => word.endsWith(end) && word.length - end.length >= shortestStem);
  return ending === undefined ? word : stem(word.slice(0, -ending.length));
}

/** What is the same for all names of one thing: its words' stems, in order of the alphabet. */
export function signatureOf(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !noise.has(word));
  // `re-engagement` and `reengagement` are one word.
  const joined = words.reduce<string[]>((all, word) => {
    if (all.at(-1) === 're') all[all.length - 1] = `re${word}`;
    else all.push(word);
    return all;
  }, []);
  return joined.map(stem).sort().join('-');
}

/** An address may be of many thousand letters; no name is. */
const longestName = 256;

/** The journey's id where one goes by that name, else the name itself: a journey that is no longer deployed still has its past. */
export function journeyNamed(name: string, ids: string[]): string {
  return findJourneyId(name, ids) ?? name;
}

/** The journey's id; undefined when none, or more than one, goes by that name. */
export function findJourneyId(name: string, ids: string[]): string | undefined {
  if (ids.includes(name)) return name;
  if (name.length > longestName) return undefined;
  const signature = signatureOf(name);
  const found = signature === '' ? [] : ids.filter((id) => signatureOf(id) === signature);
  return found.length === 1 ? found[0] : undefined;
}
