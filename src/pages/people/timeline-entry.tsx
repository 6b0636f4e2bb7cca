/** One thing on the timeline: what, when, why; what the API said of it lies behind a button. */
import { useId, useState } from 'react';
import { withQuery } from '../api/client';
import { Chip } from '../parts/chip';
import { Icon } from '../parts/icon';
import { KeyOfRun } from '../parts/key-of-run';
import { JourneyLink, messagePath } from '../parts/links';
import { Moment } from '../parts/moment';
import { Raw } from '../parts/raw';
import { Link } from 'wouter';
import { exact } from '../words/durations';
import type { Entry } from '../words/timeline';

const kindInWords: Record<Entry['kind'], string> = {
  event: 'Event',
  consent: 'Consent',
  decision: 'Decision',
  wait: 'Wait',
  check: 'Check',
  message: 'Message',
  run: 'Run',
};

export function TimelineEntry({ entry }: { entry: Entry }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const { kind, tone, title, says, note, run, keyed, journey, message, at, raw } = entry;
  return (
    <li className={`entry entry-${kind} entry-${tone}`}>
      <span className="entry-mark">
        <Icon name={kind} />
      </span>
      <div className="entry-words">
        <p className="entry-title">
          {kind !== 'run' && <span className="unseen">{kindInWords[kind]}: </span>}
          {message ? <Link href={messagePath(message)}>{title}</Link> : title}
          {note && (kind === 'event' ? <Chip tone="warn">{note}</Chip> : <span className="entry-note">“{note}”</span>)}
        </p>
        {says && <p className="entry-says">{says}</p>}
        {journey && (
          <p className="entry-of">
            <JourneyLink journey={journey} />
            {keyed && (
              <>
                {' · '}
                <KeyOfRun keyed={keyed} />
              </>
            )}
            {run && (
              <>
                {' · '}
                <Link href={withQuery('', { run })} aria-label={`Run ${run} alone`}>
                  run {run}
                </Link>
              </>
            )}
          </p>
        )}
        {open && (
          <div id={id} className="entry-raw">
            <p className="second">{exact(Date.parse(at))}</p>
            <Raw data={raw.length === 1 ? raw[0] : raw} name={`Data of ${title}`} />
          </div>
        )}
      </div>
      <div className="entry-end">
        <Moment at={at} as="clock" />
        <button
          type="button"
          className={open ? 'button-icon entry-open' : 'button-icon'}
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          aria-label={`Data of ${title}`}
          onClick={() => setOpen(!open)}
        >
          <Icon name="down" />
        </button>
      </div>
    </li>
  );
}
