/** The door: a password, and where to find it. */
import { useEffect, useId, useState, type FormEvent } from 'react';
import type { SessionAnswer } from '../api/answers';
import { useSignIn } from '../api/changes';
import { ApiError } from '../api/client';
import { Mark } from './mark';
import { ThemeButton } from './theme-button';

export function SignIn({ session }: { session: SessionAnswer }) {
  const id = useId();
  const [password, setPassword] = useState('');
  const { mutate, isPending, error } = useSignIn();
  useEffect(() => {
    document.title = 'Sign in · Sojourn';
  }, []);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (password !== '') mutate({ password });
  }

  return (
    <main className="alone">
      <form className="sign-in" onSubmit={submit} aria-labelledby={`${id}-title`}>
        <div className="sign-in-head">
          <Mark />
          <ThemeButton />
        </div>
        <h1 id={`${id}-title`}>Sign in</h1>
        <label htmlFor={`${id}-password`}>Password</label>
        <input
          id={`${id}-password`}
          type="password"
          name="password"
          autoComplete="current-password"
          autoFocus
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          aria-describedby={`${id}-where`}
          aria-invalid={error ? true : undefined}
        />
        {error && (
          <p className="field-error" role="alert">
            {error instanceof ApiError ? error.detail : error.message}
          </p>
        )}
        <button type="submit" className="button button-main" disabled={isPending}>
          {isPending ? 'Signing in …' : 'Sign in'}
        </button>
        <p id={`${id}-where`} className="hint">
          {session.development ? (
            <>
              The password was printed at the first start, as <code>SOJOURN_ADMIN_PASSWORD</code>. It is kept in{' '}
              <code>secrets.json</code> in the data folder.
            </>
          ) : (
            <>
              It is the value of <code>SOJOURN_ADMIN_PASSWORD</code> that Sojourn runs with.
            </>
          )}
        </p>
      </form>
    </main>
  );
}
