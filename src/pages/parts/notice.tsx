/** What stands where there is nothing to show: nothing yet, still loading, or an error with what to do. */
import type { ReactNode } from 'react';
import { ApiError } from '../api/client';
import { Icon } from './icon';

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children && <div className="empty-says">{children}</div>}
    </div>
  );
}

export function Loading({ what, lines = 3 }: { what: string; lines?: number }) {
  return (
    <div className="loading" role="status">
      <span className="unseen">Loading {what}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="bone" aria-hidden="true" />
      ))}
    </div>
  );
}

export function Failure({ error, retry }: { error: Error; retry?: () => void }) {
  const [title, detail] = wordsFor(error);
  return (
    <div className="failure" role="alert">
      <Icon name="warning" />
      <div>
        <p className="failure-title">{title}</p>
        <p>{detail}</p>
        {retry && !(error instanceof ApiError && error.status === 404) && (
          <button type="button" className="button" onClick={retry}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}

function wordsFor(error: Error): [title: string, detail: string] {
  if (!(error instanceof ApiError)) return ['This page has a fault', error.message];
  // The API's own words are for who reports something.
  if (error.status === 503) return [error.title, 'It does not answer just now. This page tries again by itself.'];
  return [error.title, error.detail];
}
