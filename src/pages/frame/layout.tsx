/** The frame around every page: where one can go, the clock, and whether the API answers. */
import { useEffect, useRef, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useSignOut } from '../api/changes';
import { Chip } from '../parts/chip';
import { Icon, type IconName } from '../parts/icon';
import { ConnectionBar } from './connection-bar';
import { ErrorBoundary } from './error-boundary';
import { Mark } from './mark';
import { useSession } from './session';
import { useSearchKey } from './search-key';
import { ThemeButton } from './theme-button';

const places: readonly (readonly [path: string, name: string, icon: IconName])[] = [
  ['/', 'Overview', 'overview'],
  ['/journeys', 'Journeys', 'journeys'],
  ['/people', 'People', 'people'],
  ['/messages', 'Messages', 'messages'],
  ['/inbox', 'Inbox', 'inbox'],
  ['/settings', 'Settings', 'settings'],
];

export function Layout({ children }: { children: ReactNode }) {
  const session = useSession();
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  useFocusOnArrival(path, main);
  useSearchKey();
  const shown = places.filter(([to]) => (to === '/inbox' ? session.inbox : session.signedIn));

  return (
    <div className="frame">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="top">
        <Link href="/" className="home" aria-label="Sojourn, overview">
          <Mark />
        </Link>
        <nav aria-label="Pages" className="places">
          {shown.map(([to, name, icon]) => (
            <Link key={to} href={to} className="place" aria-current={isAt(path, to) ? 'page' : undefined}>
              <Icon name={icon} />
              <span>{name}</span>
            </Link>
          ))}
        </nav>
        <div className="top-end">
          {session.timeScale !== 1 && (
            <Chip tone="accent" title={`The stack's clock runs ${session.timeScale} times as fast as the wall's`}>
              clock ×{session.timeScale}
            </Chip>
          )}
          <ThemeButton />
          {session.signedIn ? <SignOut /> : <Link href="/sign-in">Sign in</Link>}
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1} className="main">
        <ConnectionBar />
        <ErrorBoundary key={path}>{children}</ErrorBoundary>
      </main>
    </div>
  );
}

function isAt(path: string, to: string): boolean {
  return to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`);
}

/** After a link was followed, reading goes on at the new page's beginning. */
function useFocusOnArrival(path: string, main: { current: HTMLElement | null }): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path, main]);
}

function SignOut() {
  const { mutate, isPending } = useSignOut();
  // The demo would sign in again at once.
  if (useSession().demo) return null;
  return (
    <button
      type="button"
      className="button-icon"
      disabled={isPending}
      onClick={() => mutate()}
      aria-label="Sign out"
      title="Sign out"
    >
      <Icon name="away" />
    </button>
  );
}
