/** What the stack is made of, and whether its parts answer. */
import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { ask } from '../api/queries';
import { onTick, shownNow } from '../clock/stack-clock';
import { useSession } from '../frame/session';
import { Chip } from '../parts/chip';
import { FactsList, type Fact } from '../parts/facts-list';
import { Outside } from '../parts/links';
import { Section } from '../parts/section';
import { Shown } from '../parts/shown';
import { exact } from '../words/durations';

export function Stack() {
  const session = useSession();
  const ready = useQuery(ask.ready());
  return (
    <div className="columns">
      <Section title="Parts">
        <Shown query={ready} what="the parts" lines={2}>
          {({ parts }) => (
            <FactsList
              facts={Object.entries(parts).map(([part, { ready: up, detail }]): Fact => [
                part,
                <>
                  <Chip tone={up ? 'good' : 'bad'}>{up ? 'answers' : 'away'}</Chip> {detail}
                </>,
              ])}
            />
          )}
        </Shown>
      </Section>
      <Section title="Stack">
        <FactsList
          facts={[
            ['Version', session.version],
            ['Clock', <StackTime key="clock" />],
            ['Speed', session.timeScale === 1 ? 'as the wall clock' : `${session.timeScale} times as fast`],
            ['Public address', session.publicUrl],
            session.temporalUi && [
              'Temporal UI',
              <Outside href={session.temporalUi.url}>{session.temporalUi.url}</Outside>,
            ],
            session.temporalUi && ['Namespace', session.temporalUi.namespace],
            ['API', <Outside href="/openapi.json">/openapi.json</Outside>],
          ]}
        />
      </Section>
    </div>
  );
}

function StackTime() {
  return useSyncExternalStore(onTick, () => exact(shownNow()));
}
