/** Signing up; and for who has, the three steps of setting up and signing out. */
import { useState, type FormEvent } from 'react';
import { Link } from 'wouter';
import { completeStep, setUpSteps, signOut, signUp, stepsDone } from '../account';
import type { SessionAnswer, Visitor } from '../answers';
import { useStore } from '../use-store';
import { session } from '../visitor';
import { Heading } from './heading';

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function AccountPage() {
  const known = useStore(session);
  if (!known) return null;
  return known.visitor ? (
    <SignedIn visitor={known.visitor} returning={known.returning === true} />
  ) : (
    <SignUp known={known} />
  );
}

function SignUp({ known: { suggestion, realMail } }: { known: SessionAnswer }) {
  const [wrong, setWrong] = useState<string>();
  const [busy, setBusy] = useState(false);
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    setBusy(true);
    setWrong(undefined);
    signUp({ name: text('name'), email: text('email') })
      .catch((error: unknown) => setWrong(words(error)))
      .finally(() => setBusy(false));
  }
  return (
    <>
      <Heading>Sign up</Heading>
      <form className="panel" onSubmit={submit}>
        <label htmlFor="name">Name</label>
        <input id="name" name="name" autoComplete="name" maxLength={60} required defaultValue={suggestion?.name} />
        <label htmlFor="email">E-mail address</label>
        <input
          id="email"
          name="email"
          type="email"
          autoComplete="email"
          maxLength={200}
          required
          defaultValue={suggestion?.email}
          aria-describedby="email-note"
          aria-invalid={wrong !== undefined}
        />
        <p className="line" id="email-note">
          {realMail
            ? 'Mails leave through your mail server: give an address of your own.'
            : 'Any will do: mails go to the inbox on this machine. There is no password.'}
        </p>
        {wrong !== undefined && (
          <p role="alert" className="wrong">
            {wrong}
          </p>
        )}
        <button className="button" disabled={busy}>
          {busy ? 'Signing up' : 'Sign up'}
        </button>
      </form>
    </>
  );
}

function SignedIn({ visitor, returning }: { visitor: Visitor; returning: boolean }) {
  const [wrong, setWrong] = useState<string>();
  const first = visitor.name.split(' ')[0]!;
  return (
    <>
      <Heading>{returning ? `Welcome back, ${first}` : `Hello, ${first}`}</Heading>
      <p role="status">
        You are signed in as {visitor.email}. <Link href="/shop">Now put something into your cart</Link>
      </p>
      <SetUp />
      <h2>Leaving</h2>
      <p className="line">
        Signing out is reported as <code>logout</code>, which ends a run that waits with your cart.
      </p>
      {wrong !== undefined && (
        <p role="alert" className="wrong">
          {wrong}
        </p>
      )}
      <button className="button quiet" onClick={() => void signOut().catch((error: unknown) => setWrong(words(error)))}>
        Sign out
      </button>
    </>
  );
}

function SetUp() {
  const done = useStore(stepsDone);
  return (
    <section className="panel" aria-labelledby="set-up">
      <h2 id="set-up">Set up your account: {setUpSteps.length} steps</h2>
      <p className="line">
        These belong to the onboarding journey, which helps by mail where somebody is stuck. You need not do them.
      </p>
      <ol className="steps">
        {setUpSteps.map((label, index) => (
          <li key={label} className={index < done ? 'done' : undefined}>
            <span>{label}</span>
            {index < done ? (
              <span className="tick">Done</span>
            ) : (
              <button className="button small quiet" disabled={index !== done} onClick={() => completeStep(index + 1)}>
                Do it
                <span className="unseen">: {label}</span>
              </button>
            )}
          </li>
        ))}
      </ol>
      <p role="status" className={done === setUpSteps.length ? undefined : 'unseen'}>
        {done === setUpSteps.length
          ? 'All set up. A mail says so.'
          : done > 0
            ? `${done} of ${setUpSteps.length} done`
            : ''}
      </p>
    </section>
  );
}
