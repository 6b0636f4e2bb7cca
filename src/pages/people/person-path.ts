/** Whose page an address is. A name may hold any character, slashes too, so it is read from the path as it was encoded. */
const folder = '/people/';

export function personInPath(path: string): string {
  const encoded = path.startsWith(folder) ? path.slice(folder.length) : '';
  try {
    return decodeURIComponent(encoded);
  } catch {
    // A wrong escape: shown as it is, and the API will say that nobody is known by it.
    return encoded;
  }
}
