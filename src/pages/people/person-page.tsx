/** One person: what became of each journey in short, then what is under way, and everything that happened with its reason. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { usePathname } from 'wouter/use-browser-location';
import type { PersonAnswer } from '../api/answers';
import { ask } from '../api/queries';
import { Moment } from '../parts/moment';
import { PageHead } from '../parts/page-head';
import { Shown } from '../parts/shown';
import { InShort } from './in-short';
import { LiveRuns } from './live-runs';
import { personInPath } from './person-path';
import { Timeline } from './timeline';
import { Who } from './who';

export function PersonPage() {
  const id = personInPath(usePathname());
  return <Person key={id} id={id} />;
}

function Person({ id }: { id: string }) {
  const person = useQuery(ask.person(id));
  return (
    <>
      <PageHead
        title={person.data ? nameOf(person.data, id) : id}
        above={<Link href="/people">People</Link>}
        says={person.data && <Seen person={person.data} id={id} />}
      />
      <Shown query={person} what="this person" lines={6}>
        {(answer) => (
          <div className="person">
            <InShort person={id} />
            <div className="person-live">
              <LiveRuns person={id} />
            </div>
            <Timeline person={id} />
            <aside className="person-who" aria-label="Who this is">
              <Who person={answer} />
            </aside>
          </div>
        )}
      </Shown>
    </>
  );
}

function nameOf({ traits, userId }: PersonAnswer, id: string): string {
  const { name } = traits;
  return typeof name === 'string' && name.trim() !== '' ? name : (userId ?? id);
}

function Seen({ person, id }: { person: PersonAnswer; id: string }) {
  return (
    <p>
      <span className="id">{person.userId ?? id}</span>
      {' · '}first seen <Moment at={person.firstSeenAt} />
      {person.lastSeenAt && (
        <>
          {' · '}last active <Moment at={person.lastSeenAt} />
        </>
      )}
    </p>
  );
}
