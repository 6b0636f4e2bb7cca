/** One message: whether it went and why, each attempt, and what it says. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { MessageAnswer } from '../api/answers';
import { ask } from '../api/queries';
import { ChangedBy } from '../parts/changed-by';
import { SendChip } from '../parts/chip';
import { FactsList } from '../parts/facts-list';
import { KeyOfRun } from '../parts/key-of-run';
import { JourneyLink, Outside, PersonLink } from '../parts/links';
import { Moment } from '../parts/moment';
import { PageHead } from '../parts/page-head';
import { Raw } from '../parts/raw';
import { Section } from '../parts/section';
import { Shown } from '../parts/shown';
import { settledInWords } from '../words/change-words';
import { failureInWords, ledTo } from '../words/message-words';
import { holdInWords, skipInWords } from '../words/reasons';
import { reasonsInRun } from '../words/timeline';
import { Preview } from './preview';
import { SettleButtons } from './settle-buttons';

export function MessagePage({ id }: { id: string }) {
  const message = useQuery(ask.message(id));
  return (
    <>
      <PageHead
        title={message.data?.message ?? 'Message'}
        above={<Link href="/messages">Messages</Link>}
        beside={message.data && <SendChip state={message.data.state} />}
        says={message.data && <Verdict message={message.data} />}
      />
      <Shown query={message} what="the message" lines={6}>
        {(answer) => (
          <>
            {answer.state === 'uncertain' && (
              <Section title="Settle" says="Look at the provider what became of it, and say it here.">
                <SettleButtons message={answer} />
              </Section>
            )}
            <div className="columns">
              <div className="column-wide">
                <Preview message={answer} />
              </div>
              <div>
                <Facts message={answer} />
              </div>
            </div>
          </>
        )}
      </Shown>
    </>
  );
}

/** Its sentence, with what its run went through once that is known. */
function Verdict({ message }: { message: MessageAnswer }) {
  const { data: run } = useQuery(ask.run(message.runId));
  const said = ['failed', 'uncertain'].includes(message.state) ? message.tries.at(-1)?.error : undefined;
  return (
    <>
      <p className="verdict">{verdict(message, run ? reasonsInRun(run, message) : [])}</p>
      {said && <p className="breaking">Its last attempt: {said}</p>}
      {message.state === 'held' && <HeldBy message={message} />}
      {message.settled && <ChangedBy change={message.settled} did={settledInWords(message.settled)} />}
    </>
  );
}

/** Who paused what holds it. */
function HeldBy({ message: { reason, journey, switched } }: { message: MessageAnswer }) {
  const { data } = useQuery(ask.journeys());
  const byJourney = data?.journeys.find(({ id }) => id === journey)?.modeChange;
  const change = reason === 'journey_paused' ? byJourney : switched;
  return change?.to === 'paused' ? <ChangedBy change={change} did="Paused" /> : null;
}

function verdict({ state, reason, receipt, journey }: MessageAnswer, reasons: string[]): string {
  const led = ledTo(reasons, journey);
  const why = receipt?.['why'];
  switch (state) {
    case 'skipped':
      return `Not sent: ${skipInWords(reason, typeof why === 'object' && why !== null ? { ...why } : {})}.`;
    case 'held':
      return `Held: ${holdInWords(reason)}.`;
    case 'failed':
      return `Not sent: ${failureInWords(reason)}.`;
    case 'uncertain':
      return 'The provider was asked, and no clear answer came. It is not sent again by itself.';
    case 'delivered':
      return `Sent because ${led}; the guard found nothing against it. The receiving server has confirmed it.`;
    case 'sent':
      return `Sent because ${led}; the guard found nothing against it.`;
    default:
      return 'It is on its way to the provider.';
  }
}

function Facts({ message }: { message: MessageAnswer }) {
  const { person, journey, keyed, runId, temporal, tries, links } = message;
  const response = message.receipt?.['response'];
  return (
    <>
      <Section title="Facts">
        <FactsList
          facts={[
            ['Person', <PersonLink key="person" person={person} />],
            ['Address', message.address],
            ['Journey', <JourneyLink key="journey" journey={journey} />],
            ['Key', keyed && <KeyOfRun keyed={keyed} />],
            ['Run', temporal ? <Outside href={temporal}>Run {runId} in Temporal</Outside> : `Run ${runId}`],
            ['Step', message.step],
            ['Channel', message.channel],
            ['Kind', message.topic ? `${message.kind}, topic ${message.topic}` : message.kind],
            ['Created', <Moment key="created" at={message.createdAt} as="exact" />],
            ['Attempted', message.attemptedAt && <Moment at={message.attemptedAt} as="exact" />],
            ['Settled', message.settledAt && <Moment at={message.settledAt} as="exact" />],
            ['Provider', message.provider],
            ['Its answer', typeof response === 'string' ? response : undefined],
            ['Id at the provider', message.providerId],
            ['Id', <code key="id">{message.id}</code>],
          ]}
        />
      </Section>
      <Section title="Attempts">
        {tries.length === 0 ? (
          <p className="hint">None: it never came to the provider.</p>
        ) : (
          <ol className="plain">
            {tries.map(({ attempt, claimedAt, outcome, error }) => (
              <li key={attempt} className="breaking">
                {`Attempt ${attempt}: ${error ?? outcome?.replaceAll('_', ' ') ?? 'under way'}`}
                <span className="second">
                  <Moment at={claimedAt} as="exact" />
                </span>
              </li>
            ))}
          </ol>
        )}
      </Section>
      {links.length > 0 && (
        <Section title="Links">
          <ul className="plain">
            {links.map((link, index) => (
              <li key={index} className="breaking">
                {link}
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title="Props">
        <Raw data={message.props} name="Props of the message" />
      </Section>
    </>
  );
}
