/** One mail of the inbox. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { ask } from '../api/queries';
import { Choices } from '../parts/choices';
import { Icon } from '../parts/icon';
import { MailFrame } from '../parts/mail-frame';
import { Moment } from '../parts/moment';
import { Shown } from '../parts/shown';

const views = [
  ['html', 'Mail'],
  ['text', 'Text'],
  ['headers', 'Headers'],
] as const;
type View = (typeof views)[number][0];

export function Mail({ id }: { id: string }) {
  const mail = useQuery(ask.mail(id));
  const [chosen, setView] = useState<View>('html');
  return (
    <>
      <Link href="/inbox" className="inbox-back">
        <Icon name="back" /> All mails
      </Link>
      <Shown query={mail} what="the mail">
        {({ subject, from, to, at, stackAt, html, text, headers }) => {
          const view = chosen === 'html' && html === '' ? 'text' : chosen;
          return (
            <article className="mail">
              <h2 className="mail-title">{subject}</h2>
              <p className="second">
                {headers['from'] ?? from} to {headers['to'] ?? to.join(', ')}, <Moment at={stackAt} wall={at} />
              </p>
              <div className="toolbar">
                <Choices
                  name="Show as"
                  options={html === '' ? views.slice(1) : views}
                  value={view}
                  onChange={setView}
                />
              </div>
              {view === 'html' && (
                <MailFrame src={`/inbox/${encodeURIComponent(id)}/html`} title={`Mail: ${subject}`} />
              )}
              {view === 'text' && <pre className="mail-text">{text}</pre>}
              {view === 'headers' && (
                <pre className="mail-text">
                  {Object.entries(headers)
                    .map(([name, value]) => `${name}: ${value}`)
                    .join('\n')}
                </pre>
              )}
            </article>
          );
        }}
      </Shown>
    </>
  );
}
