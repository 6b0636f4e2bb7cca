/** Reads what operators changed, newest first: all, or what became of one thing. */
import { sql } from 'kysely';
import type { AuditKind, Db } from '../db';
import type { Actor, Change } from './change';

export interface RecordedChange extends Omit<Change, 'about'> {
  id: string;
  at: Date;
  by: Actor;
  about: Record<string, string> | null;
}

export interface ChangeFilter {
  kind?: AuditKind;
  /** The id of one thing of that kind. */
  subject?: string;
  /** The id of the last change of the page before. */
  before?: string;
  limit: number;
}

const columns = sql`id, at, jsonb_build_object('id', by_id, 'name', by_name) as by, kind, subject, was as "from",
  becomes as "to", about`;

export async function listChanges(db: Db, { kind, subject, before, limit }: ChangeFilter): Promise<RecordedChange[]> {
  const { rows } = await sql<RecordedChange>`
    select ${columns} from sojourn.audit
    where ${kind === undefined ? sql`true` : sql`kind = ${kind}`}
      and ${subject === undefined ? sql`true` : sql`subject = ${subject}`}
      and ${before === undefined ? sql`true` : sql`id < ${before}::bigint`}
    order by id desc limit ${limit}`.execute(db);
  return rows;
}

/** Of each that ever changed, the last change. */
export async function lastChanges(
  db: Db,
  kind: AuditKind,
  subjects: readonly string[],
): Promise<Map<string, RecordedChange>> {
  const { rows } = await sql<RecordedChange>`
    select last.* from unnest(${[...subjects]}::text[]) as s (name) cross join lateral (
      select ${columns} from sojourn.audit where kind = ${kind} and subject = s.name order by id desc limit 1
    ) last`.execute(db);
  return new Map(rows.map((row) => [row.subject, row]));
}

export async function lastChange(db: Db, kind: AuditKind, subject: string): Promise<RecordedChange | undefined> {
  return (await lastChanges(db, kind, [subject])).get(subject);
}
