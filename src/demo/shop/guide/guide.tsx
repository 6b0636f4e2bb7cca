/** The page that the demo opens with: three things to do, and how far the visitor of this browser has come. */
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { arrive, signOut } from '../account';
import type { ProgressAnswer } from '../answers';
import { cart, countOf } from '../cart';
import { money } from '../money';
import { useStore } from '../use-store';
import { ask, session } from '../visitor';
import { Code } from './code';
import { reminderWords, seconds } from './guide-words';
import { Away, Step } from './step';
import { useLeft } from './use-left';
import icon from '../style/sojourn.svg';
import '../style/guide.css';

const client = new QueryClient({ defaultOptions: { queries: { retry: false, refetchOnWindowFocus: true } } });

export function Guide() {
  useEffect(() => {
    document.title = 'Sojourn: the demo';
    document.querySelector('link[rel=icon]')?.setAttribute('href', icon);
    // A back end that is away is said by the progress, which is asked for again and again.
    arrive().catch(() => undefined);
  }, []);
  return (
    <QueryClientProvider client={client}>
      <Page />
    </QueryClientProvider>
  );
}

function Page() {
  const { data, error, dataUpdatedAt } = useQuery({
    queryKey: ['progress'],
    queryFn: () => ask<ProgressAnswer>('progress'),
    refetchInterval: 1_000,
  });
  const known = useStore(session);
  return (
    <>
      <header className="top">
        <p className="mark">
          <img src={icon} alt="" width="28" height="28" /> Sojourn
        </p>
        {known && known.timeScale !== 1 && (
          <p className="chip" title={scaleWords(known.timeScale)}>
            clock ×{known.timeScale}
          </p>
        )}
      </header>
      <main>
        <h1>See a journey in a minute</h1>
        <p className="lead">
          A visitor leaves a full cart behind, and a reminder follows. The journey that sends it is one TypeScript file;
          each visitor&#39;s run of it is a Temporal workflow.
        </p>
        {error && (
          <p role="alert" className="trouble">
            {error.message} This page goes on by itself once it answers.
          </p>
        )}
        <div className="walk">
          <Steps progress={data} at={dataUpdatedAt} />
          {data?.code && <Code code={data.code} at={dataUpdatedAt} />}
        </div>
        <Look progress={data} />
      </main>
      <footer>
        <p>
          {known?.realMail
            ? 'SMTP_URL is set: mails leave through your mail server, and nobody else walks through the shop.'
            : 'Everything stays on this machine: mails go to the built-in inbox.'}{' '}
          {data?.shoppers && (
            <>
              Simulated shoppers walk through the shop as well; start with <code>npm run demo -- --no-shoppers</code> to
              be alone in it.
            </>
          )}
        </p>
      </footer>
    </>
  );
}

function Steps({ progress, at }: { progress?: ProgressAnswer; at: number }) {
  const lines = useStore(cart);
  const reminder = progress?.reminder ?? { state: 'none' };
  const left = useLeft(reminder.state === 'waiting' ? reminder.dueInMs : null, at);
  const visitor = progress?.visitor;
  const signedIn = visitor != null && !progress?.signedOut;
  const mail = reminder.state === 'sent' ? reminder.mail : null;
  const filled = progress?.cart != null || reminder.state === 'sent' || reminder.state === 'waiting';
  const here = countOf(lines);
  return (
    <ol className="steps" aria-label="What to do">
      <Step number={1} done={visitor != null} title="Open the shop and sign up" told={visitorWords(progress)}>
        <Away href={signedIn ? '/shop' : '/shop/account'} main={!visitor}>
          {visitor ? 'The shop' : 'Open the shop'}
        </Away>
        {visitor && <StartOver />}
      </Step>
      <Step
        number={2}
        done={filled}
        title="Put something into the cart, and leave"
        told={
          progress?.cart
            ? `${pieces(progress.cart.count)} for ${money(progress.cart.value)} in the cart`
            : here > 0 && !visitor
              ? `${pieces(here)} in the cart. Sign up, so that a reminder has an address to go to.`
              : 'Do not buy it. Leaving is all it takes.'
        }
      >
        {signedIn && !filled && (
          <Away href="/shop" main>
            Fill the cart
          </Away>
        )}
      </Step>
      <Step
        number={3}
        done={reminder.state === 'sent'}
        title="Read the reminder, and why it came"
        told={reminderWords(reminder, left)}
        aside={left !== null && left > 0 ? seconds(left) : undefined}
      >
        {mail && (
          <Away href={`/inbox/${mail.id}`} main>
            Open the mail
          </Away>
        )}
        {visitor && reminder.state !== 'none' && (
          <Away href={`/people/${encodeURIComponent(visitor.userId)}`}>{personLink[reminder.state]}</Away>
        )}
        {progress?.temporalRun != null && <Away href={progress.temporalRun}>The run in Temporal</Away>}
      </Step>
    </ol>
  );
}

const personLink = {
  refused: 'Why not',
  waiting: 'What happens',
  sending: 'What happens',
  sent: 'Why it came',
  not_sent: 'Why none came',
};

function visitorWords(progress?: ProgressAnswer): string {
  const visitor = progress?.visitor;
  if (!visitor) return 'Any name and address will do.';
  return progress.signedOut
    ? `${visitor.name}, ${visitor.email}, has signed out`
    : `Signed up as ${visitor.name}, ${visitor.email}`;
}

const scaleWords = (scale: number): string => (scale === 60 ? 'A minute takes a second' : `${scale} seconds take one`);

const pieces = (count: number): string => `${count} ${count === 1 ? 'item' : 'items'}`;

function StartOver() {
  const [wrong, setWrong] = useState<string>();
  return (
    <>
      <button
        onClick={() =>
          void signOut({ startOver: true }).then(
            () => client.invalidateQueries(),
            (error: unknown) => setWrong(error instanceof Error ? error.message : String(error)),
          )
        }
      >
        Start over as somebody else
      </button>
      {wrong !== undefined && <span role="alert">{wrong}</span>}
    </>
  );
}

function Look({ progress }: { progress?: ProgressAnswer }) {
  const visitor = progress?.visitor;
  const others = progress?.mails?.filter(({ subject }) => subject !== '').slice(0, 5) ?? [];
  return (
    <div className="look">
      <section aria-labelledby="around">
        <h2 id="around">Look around</h2>
        <ul>
          <li>
            <Away href="/">Overview</Away> events, runs and messages as they happen
          </li>
          <li>
            <Away href="/journeys/cart-abandonment">The journey</Away> how many enter, are reminded, and buy
          </li>
          {visitor && (
            <li>
              <Away href={`/people/${encodeURIComponent(visitor.userId)}`}>{visitor.name}</Away> everything that
              happened, and why
            </li>
          )}
          <li>
            <Away href="/inbox">Inbox</Away> every mail that was sent
          </li>
        </ul>
      </section>
      <section aria-labelledby="then">
        <h2 id="then">Then try to get no mail</h2>
        <ul>
          <li>Buy before it is due: the run ends as converted.</li>
          <li>Empty the cart, or sign out of the shop.</li>
          <li>Fill another cart after the reminder: one may enter once in 24 hours, which are 24 minutes here.</li>
          <li>
            Start over as somebody else, choose no reminders by “Choose what you get” in the first mail, then fill a
            cart: the reminder is skipped as unsubscribed.
          </li>
        </ul>
        <p>Each time the person&#39;s page says why none came.</p>
      </section>
      <section aria-labelledby="plug">
        <h2 id="plug">Then pull the plug</h2>
        <p>
          While your run waits, kill the demo in its terminal, as hard as you like, and start it again with{' '}
          <code>npm run demo</code>. The run goes on at the line where it was, and the reminder comes once.
        </p>
      </section>
      {others.length > 0 && (
        <section aria-labelledby="mails">
          <h2 id="mails">Your mails</h2>
          <ul>
            {others.map(({ id, subject, at, stackAt }) => (
              <li key={id}>
                <Away href={`/inbox/${id}`}>{subject}</Away>{' '}
                <time dateTime={stackAt} title={`${time(at)} by the clock on the wall`}>
                  {time(stackAt)}
                </time>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

const timeFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const time = (at: number | string): string => timeFormat.format(new Date(at));
