/**
 * Lets the pages be seen by who is signed in. In the demo it signs in by itself; the inbox of a stack on one's own
 * machine is open, as the API has it.
 */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, type ReactNode } from 'react';
import { Redirect, useLocation, useSearch } from 'wouter';
import { useSignIn } from '../api/changes';
import { ask } from '../api/queries';
import { Failure, Loading } from '../parts/notice';
import { returnPath, signInPath } from './return-path';
import { SessionContext } from './session';
import { SignIn } from './sign-in';

export function SessionGate({ children }: { children: ReactNode }) {
  const { data: session, error, refetch } = useQuery(ask.session());
  const { mutate: signIn, error: refused } = useSignIn();
  const [path] = useLocation();
  const search = useSearch();
  const tried = useRef(false);
  const enterDemo = session?.demo === true && !session.signedIn;

  useEffect(() => {
    if (!enterDemo || tried.current) return;
    tried.current = true;
    signIn({ demo: true });
  }, [enterDemo, signIn]);

  if (!session) {
    return (
      <main className="alone">
        {error ? <Failure error={error} retry={() => void refetch()} /> : <Loading what="the pages" lines={2} />}
      </main>
    );
  }
  if (enterDemo && !refused) {
    return (
      <main className="alone">
        <Loading what="the demo" lines={2} />
      </main>
    );
  }

  const to = returnPath(new URLSearchParams(search).get('to'));
  const openInbox = session.inbox && session.development && /^\/inbox(\/|$)/.test(path);
  if (!session.signedIn && path === '/sign-in') return <SignIn session={session} />;
  if (!session.signedIn && !openInbox) {
    const from = `${window.location.pathname}${window.location.search}`;
    return <Redirect to={signInPath(from)} replace />;
  }
  if (path === '/sign-in') return <Redirect to={to} replace />;
  return <SessionContext value={session}>{children}</SessionContext>;
}
