/** What the message says, as a mail and as its text. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MessageAnswer } from '../api/answers';
import { ApiError } from '../api/client';
import { ask } from '../api/queries';
import { Choices } from '../parts/choices';
import { MailFrame } from '../parts/mail-frame';
import { Section } from '../parts/section';
import { Shown } from '../parts/shown';

const views = [
  ['html', 'Mail'],
  ['text', 'Text'],
] as const;

export function Preview({ message }: { message: MessageAnswer }) {
  const [view, setView] = useState<'html' | 'text'>('html');
  const preview = useQuery(ask.preview(message.id));
  const gone = preview.error instanceof ApiError && preview.error.status === 404 ? preview.error.detail : undefined;
  return (
    <Section
      title="What it says"
      actions={preview.data && <Choices name="Show as" options={views} value={view} onChange={setView} />}
    >
      {gone ? (
        <p className="hint">{gone}</p>
      ) : (
        <Shown query={preview} what="the message's text" lines={6}>
          {({ subject, text, from, to, note }) => (
            <div className="mail">
              <dl className="mail-head">
                <div>
                  <dt>Subject</dt>
                  <dd className="mail-subject">{subject}</dd>
                </div>
                <div>
                  <dt>From</dt>
                  <dd>{from}</dd>
                </div>
                <div>
                  <dt>To</dt>
                  <dd>{to ?? 'no address'}</dd>
                </div>
              </dl>
              {view === 'html' ? (
                <MailFrame src={`/v1/messages/${encodeURIComponent(message.id)}/html`} title={`Mail: ${subject}`} />
              ) : (
                <pre className="mail-text">{text}</pre>
              )}
              <p className="hint">{note}</p>
            </div>
          )}
        </Shown>
      )}
    </Section>
  );
}
