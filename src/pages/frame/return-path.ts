/** Where to go after signing in. Only paths of these pages count: anything else could lead somewhere that looks alike. */
export function returnPath(to: string | null): string {
  if (to === null || !/^\/(?![/\\])/.test(to)) return '/';
  // A browser drops tabs and line breaks from an address: `/\t/elsewhere` would be `//elsewhere`.
  if ([...to].some((character) => character < ' ')) return '/';
  const here = 'http://here.invalid';
  try {
    const url = new URL(to, here);
    if (url.origin !== here || url.pathname === '/sign-in') return '/';
    // A path that begins with two slashes names another server, and dots before them hide it.
    if (url.pathname.startsWith('//')) return '/';
    return `${url.pathname}${url.search}${url.hash}`;
  } catch {
    return '/';
  }
}

export function signInPath(from: string): string {
  return from === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(from)}`;
}
