/** Tells screen readers what came in since: one line, not the list read again. */
import { useEffect, useRef, useState } from 'react';
import type { Entry } from '../words/timeline';

export function Arrivals({ entries }: { entries: readonly Entry[] }) {
  const newest = useRef(entries[0]?.at);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const since = newest.current;
    newest.current = entries[0]?.at;
    const came = since === undefined ? [] : entries.filter(({ at }) => at > since);
    if (came.length === 1) setSaid(`New: ${came[0]!.title}`);
    if (came.length > 1) setSaid(`${came.length} new, the last: ${came[0]!.title}`);
  }, [entries]);
  return (
    <p className="unseen" role="status">
      {said}
    </p>
  );
}
