/** The kill switch of each message: what waits for it is held, and goes once it is on again. */
import { useQuery } from '@tanstack/react-query';
import { bound, useSwitchMessage } from '../api/changes';
import { ask } from '../api/queries';
import { ChangedBy } from '../parts/changed-by';
import { Chip } from '../parts/chip';
import { ConfirmButton } from '../parts/confirm-button';
import { DataTable } from '../parts/data-table';
import { Section } from '../parts/section';
import { Shown } from '../parts/shown';
import { switchedInWords } from '../words/change-words';

export function MessageSwitches() {
  const paused = useQuery(ask.paused());
  return (
    <Section title="Messages" says="A paused message is held back, in every journey, until it is resumed.">
      <Shown query={paused} what="the messages">
        {({ messages, paused: off, changes }) => (
          <DataTable
            caption="Messages and their switches"
            rows={messages}
            keyOf={(message) => message}
            columns={[
              { title: 'Message', main: true, wide: true, cell: (message) => message },
              {
                title: 'State',
                cell: (message) => (
                  <div className="stacked">
                    <span>
                      {off.includes(message) ? <Chip tone="warn">paused</Chip> : <Chip tone="good">goes out</Chip>}
                    </span>
                    {changes[message] && (
                      <ChangedBy change={changes[message]} did={switchedInWords(changes[message])} />
                    )}
                  </div>
                ),
              },
              { title: 'Actions', cell: (message) => <Switch message={message} paused={off.includes(message)} /> },
            ]}
          />
        )}
      </Shown>
    </Section>
  );
}

function Switch({ message, paused }: { message: string; paused: boolean }) {
  const change = useSwitchMessage();
  const to = paused ? 'resume' : 'pause';
  return (
    <ConfirmButton
      label={paused ? 'Resume' : 'Pause'}
      name={`${paused ? 'Resume' : 'Pause'} ${message}`}
      title={`${paused ? 'Resume' : 'Pause'} ${message}?`}
      confirm={paused ? 'Resume' : 'Pause'}
      danger={!paused}
      small
      change={bound(change, { message, to })}
    >
      <p>
        {paused
          ? 'What was held goes out, each after the guard has looked at it again.'
          : 'From now on none goes out. Runs that come to it wait there; goals and exits still end them.'}
      </p>
    </ConfirmButton>
  );
}
