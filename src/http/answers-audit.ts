/** What operators changed, as the pages read it. See answers.ts. */
import type { AuditKind } from './answers';

// GET /v1/audit?kind=&subject=&limit=&before= --------------------------------------------------------------------------

export interface AuditItem {
  id: string;
  at: string;
  /** A key by its id and name; `admin` signed in to the pages, `command` ran `sojourn keys`, `deploy` is a new header. */
  by: { id: string; name: string };
  kind: AuditKind;
  /** Its id, as in the address of the thing. */
  subject: string;
  /** Null where it was not there before. */
  from: string | null;
  to: string | null;
  /** What tells more than the id: of a key its `kind` and `name`, of a run its `journey`, of a send `message` too. */
  about: Record<string, string> | null;
}

export interface AuditAnswer {
  at: string;
  /** Newest first; kept for 400 days. */
  changes: AuditItem[];
  next: string | null;
}

/** The last change of one thing, in the answers about it: `paused by … on …`. */
export interface ChangeMark {
  at: string;
  /** The name of `by` in the log of changes. */
  by: string;
  from: string | null;
  to: string | null;
}
