/** The inbox of a stack without an SMTP server: the mails that went out, as whoever got them would see them. */
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import type { MailSummary } from '../api/answers';
import { ask } from '../api/queries';
import { useFilter } from '../parts/filters';
import { Moment } from '../parts/moment';
import { Empty } from '../parts/notice';
import { PageHead } from '../parts/page-head';
import { SearchField } from '../parts/search-field';
import { Shown } from '../parts/shown';
import { Mail } from './mail';

export function InboxPage({ id }: { id?: string }) {
  const inbox = useQuery(ask.inbox());
  const [search, setSearch] = useFilter('search');
  const [path] = useLocation();
  return (
    <>
      <PageHead title="Inbox" says={<p>No SMTP server is set: mails come here instead, whoever they are for.</p>} />
      <Shown query={inbox} what="the inbox" lines={6}>
        {({ mails }) =>
          mails.length === 0 ? (
            <Empty title="No mail yet">A mail is here as soon as a journey has sent one.</Empty>
          ) : (
            <div className={path === '/inbox' ? 'inbox' : 'inbox inbox-reading'}>
              <section className="inbox-list" aria-labelledby="mails">
                <h2 id="mails" className="unseen">
                  Mails
                </h2>
                <SearchField
                  name="Search mails"
                  placeholder="Recipient or subject"
                  value={search}
                  onChange={setSearch}
                />
                <MailList mails={mails.filter((mail) => fits(mail, search))} current={id} search={search} />
              </section>
              <section className="inbox-mail" aria-label="Mail">
                {id === undefined ? <p className="hint">Choose a mail to read it.</p> : <Mail key={id} id={id} />}
              </section>
            </div>
          )
        }
      </Shown>
    </>
  );
}

function fits({ to, subject }: MailSummary, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return [...to, subject].some((text) => text.toLowerCase().includes(wanted));
}

function MailList({ mails, current, search }: { mails: MailSummary[]; current?: string; search: string }) {
  if (mails.length === 0) return <p className="hint">No mail fits “{search}”.</p>;
  return (
    <ul className="mails">
      {mails.map(({ id, to, subject, at, stackAt }) => (
        <li key={id}>
          <Link
            href={`/inbox/${id}${search === '' ? '' : `?search=${encodeURIComponent(search)}`}`}
            className="mail-link"
            aria-current={String(id) === current ? 'true' : undefined}
          >
            <span className="mail-link-to">{to.join(', ')}</span>
            <span className="mail-link-at">
              <Moment at={stackAt} wall={at} />
            </span>
            <span className="mail-link-subject">{subject}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
