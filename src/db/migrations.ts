/**
 * The store's shape, as numbered steps that only ever grow. `migrate` applies those that are missing, each in a
 * transaction of its own, under an advisory lock, so that many processes may start at once.
 *
 * Times: columns named `*_at` hold the stack's time (see `clock`); `lease_until`, `due_at` and `wall_*` hold the wall's.
 */
export interface Migration {
  id: number;
  name: string;
  sql: string;
}

export const migrations: Migration[] = [
  {
    id: 1,
    name: 'the spine',
    sql: `
create table sojourn.settings (
  name text primary key,
  value jsonb not null
);

-- One sequence numbers everything whose order matters within a person: decisions, ends, deliveries, attempts.
create sequence sojourn.number_seq;

-- People -------------------------------------------------------------------------------------------------------------
create sequence sojourn.people_id_seq;
create table sojourn.people (
  id bigint primary key default nextval('sojourn.people_id_seq'),
  merged_into bigint references sojourn.people (id),
  user_id text unique,
  traits jsonb not null default '{}',
  first_seen_at timestamptz not null,
  last_seen_at timestamptz
);
create index people_merged_into on sojourn.people (merged_into) where merged_into is not null;
create index people_email on sojourn.people (lower(traits ->> 'email'));

create table sojourn.person_ids (
  kind text not null check (kind in ('user', 'anonymous')),
  value text not null,
  person_id bigint not null,
  primary key (kind, value)
);
create index person_ids_person on sojourn.person_ids (person_id);

-- Consent by topic; the topic '*' stands for all marketing.
create table sojourn.consents (
  person_id bigint not null,
  topic text not null,
  state text not null check (state in ('in', 'out')),
  number bigint not null,
  changed_at timestamptz not null,
  source text not null,
  primary key (person_id, topic)
);

-- Addresses nothing is sent to, by a keyed hash of the address, so that an erased address stays suppressed.
create table sojourn.suppressions (
  channel text not null,
  address_hash text not null,
  reason text not null,
  created_at timestamptz not null,
  primary key (channel, address_hash)
);

create table sojourn.assignments (
  person_id bigint not null,
  experiment text not null,
  variant text not null,
  assigned_at timestamptz not null,
  primary key (person_id, experiment)
);

-- Events -------------------------------------------------------------------------------------------------------------
create sequence sojourn.event_id_seq;
create table sojourn.events (
  id bigint not null default nextval('sojourn.event_id_seq'),
  accepted_at timestamptz not null,
  occurred_at timestamptz not null,
  message_id text not null,
  person_id bigint not null,
  type text not null,
  name text not null,
  properties jsonb not null,
  source text not null,
  planned boolean not null,
  activity boolean not null,
  hop smallint not null default 0,
  context jsonb
) partition by range (accepted_at);
create index events_person on sojourn.events (person_id, accepted_at);
create table sojourn.events_default partition of sojourn.events default;

create table sojourn.message_ids (
  message_id text primary key,
  event_id bigint not null,
  person_id bigint not null,
  wall_accepted_at timestamptz not null default now()
);
create index message_ids_age on sojourn.message_ids using brin (wall_accepted_at);

-- Calls of a batch that were refused, with the reason: their sender may look them up and send them again.
create table sojourn.set_aside (
  id bigint generated always as identity primary key,
  call jsonb not null,
  path text not null,
  detail text not null,
  source text not null,
  received_at timestamptz not null,
  wall_created_at timestamptz not null default now()
);
create index set_aside_age on sojourn.set_aside (wall_created_at);

-- The queue between accept and decide: a row is deleted when its event is decided.
create table sojourn.pending (
  event_id bigint primary key,
  event_accepted_at timestamptz not null,
  person_id bigint not null,
  links jsonb
);
create index pending_person on sojourn.pending (person_id, event_id);
create index pending_links on sojourn.pending (((links ->> 'personId')::bigint)) where links is not null;

-- Journeys -----------------------------------------------------------------------------------------------------------
create table sojourn.journeys (
  id text primary key,
  header jsonb not null,
  mode text check (mode in ('live', 'shadow', 'paused')),
  -- Whether people who were there before it are watched, for its absence triggers.
  watched boolean not null default false,
  deployed_at timestamptz not null,
  updated_at timestamptz not null
);

create table sojourn.bundles (
  version text primary key,
  code bytea not null,
  created_at timestamptz not null
);

-- Runs ---------------------------------------------------------------------------------------------------------------
create sequence sojourn.run_id_seq;
create table sojourn.runs (
  id bigint primary key default nextval('sojourn.run_id_seq'),
  journey text not null,
  person_id bigint not null,
  key text not null,
  workflow_id text not null,
  number bigint not null,
  state text not null check (state in ('live', 'ended')),
  header jsonb not null,
  trigger jsonb not null,
  trigger_event_id bigint,
  holdout boolean not null,
  mode text not null,
  version text,
  temporal_run_id text,
  heard integer not null default 0,
  outcome text,
  reason text,
  started_at timestamptz not null,
  reported_at timestamptz,
  ended_at timestamptz,
  end_number bigint,
  wall_created_at timestamptz not null default now(),
  wall_checked_at timestamptz not null default now()
);
create unique index runs_one_live on sojourn.runs (journey, person_id, key) where state = 'live';
create index runs_person on sojourn.runs (person_id, started_at);
create index runs_journey on sojourn.runs (journey, state, started_at);
create index runs_workflow on sojourn.runs (workflow_id);
create index runs_check on sojourn.runs (wall_checked_at) where state = 'live';

create table sojourn.run_steps (
  run_id bigint not null references sojourn.runs (id) on delete cascade,
  position integer not null,
  at timestamptz not null,
  step text not null,
  result text not null,
  why jsonb,
  primary key (run_id, position)
);

-- Every verdict of decide, refusals too, with the inputs that led to it.
create table sojourn.decisions (
  number bigint primary key,
  event_id bigint not null,
  person_id bigint not null,
  journey text not null,
  run_id bigint,
  verdict text not null,
  reason text,
  inputs jsonb,
  decided_at timestamptz not null
);
create index decisions_person on sojourn.decisions (person_id, number);
create index decisions_event on sojourn.decisions (event_id);

-- What must be told to Temporal, in the order of its numbers within a run; a row is deleted when it was told.
create table sojourn.deliveries (
  number bigint primary key,
  run_id bigint not null,
  kind text not null check (kind in ('start', 'event', 'end', 'wake')),
  payload jsonb not null,
  wall_created_at timestamptz not null default now()
);
create index deliveries_run on sojourn.deliveries (run_id, number);

-- One row for each run that has deliveries: who delivers them, under which fence, and when next.
create table sojourn.dispatch (
  run_id bigint primary key,
  due_at timestamptz not null default now(),
  lease_until timestamptz,
  fence bigint not null default 0,
  attempts integer not null default 0,
  last_error text
);
create index dispatch_due on sojourn.dispatch (due_at);

-- Absence triggers: when a person will have been absent for long enough, unless the event comes again.
create table sojourn.watches (
  journey text not null,
  person_id bigint not null,
  since_at timestamptz not null,
  fires_at timestamptz not null,
  primary key (journey, person_id)
);
create index watches_fires on sojourn.watches (fires_at);

-- The ledger ---------------------------------------------------------------------------------------------------------
create table sojourn.sends (
  id text primary key,
  step_key text not null unique,
  run_id bigint not null,
  person_id bigint not null,
  journey text not null,
  step text not null,
  message text not null,
  channel text not null,
  topic text,
  kind text not null check (kind in ('marketing', 'transactional')),
  state text not null check (state in ('claimed', 'attempting', 'sent', 'delivered', 'uncertain', 'failed', 'held', 'skipped')),
  reason text,
  number bigint,
  attempts integer not null default 0,
  address text,
  subject text,
  props jsonb not null,
  provider text,
  provider_id text,
  receipt jsonb,
  lease_until timestamptz,
  lease_token text,
  created_at timestamptz not null,
  attempted_at timestamptz,
  settled_at timestamptz
);
create index sends_person on sojourn.sends (person_id, created_at);
create index sends_run on sojourn.sends (run_id);
create index sends_state on sojourn.sends (state, created_at);
create index sends_recent on sojourn.sends (created_at desc);

create table sojourn.attempts (
  send_id text not null references sojourn.sends (id) on delete cascade,
  attempt integer not null,
  number bigint not null,
  claimed_at timestamptz not null,
  outcome text,
  error text,
  wall_claimed_at timestamptz not null default now(),
  wall_ended_at timestamptz,
  primary key (send_id, attempt)
);

-- Where a tracked link leads; the token in the address names it, so nothing can be redirected elsewhere.
create table sojourn.links (
  send_id text not null references sojourn.sends (id) on delete cascade,
  position integer not null,
  url text not null,
  primary key (send_id, position)
);

-- Keys of the API, by their hash. Those given by the environment are not kept here.
create table sojourn.api_keys (
  id text primary key,
  kind text not null check (kind in ('browser', 'server', 'secret')),
  name text not null,
  hash text not null unique,
  created_at timestamptz not null,
  revoked_at timestamptz
);

-- Answers to an Idempotency-Key, so that a repeated request gets the same one.
create table sojourn.idempotency_keys (
  key_hash text primary key,
  request_hash text not null,
  status integer,
  body jsonb,
  wall_created_at timestamptz not null default now()
);
`,
  },
  {
    id: 2,
    name: 'what the pages read',
    sql: `
-- Who is signed in to the pages: the token's hash, and which password it was given for, so that a new password ends all.
create table sojourn.admin_sessions (
  hash text primary key,
  fingerprint text not null,
  wall_created_at timestamptz not null default now(),
  wall_expires_at timestamptz not null
);

-- Events come in the order of their time, so a summary of each stretch of pages finds a window, and costs no insert much.
create index events_time on sojourn.events using brin (accepted_at) with (pages_per_range = 32, autosummarize = on);

create index runs_started on sojourn.runs (started_at);
create index runs_ended on sojourn.runs (ended_at) where state = 'ended';
create index runs_person_ended on sojourn.runs (person_id, ended_at, id) where state = 'ended';
-- Lists of a journey's runs by id, and their counts without a look at the rows.
drop index sojourn.runs_journey;
create index runs_journey on sojourn.runs (journey, state, id) include (started_at, outcome, holdout);

create index set_aside_received on sojourn.set_aside (received_at);
create index sends_journey on sojourn.sends (journey, created_at, id);
create index decisions_refused on sojourn.decisions (journey, decided_at) include (reason) where verdict = 'refused';

-- When somebody was last seen, to ten minutes: an update within them touches no index, and a list is sorted within them.
alter table sojourn.people add column seen_about timestamptz
  generated always as (date_bin('10 minutes', coalesce(last_seen_at, first_seen_at), 'epoch')) stored;
create index people_seen on sojourn.people (seen_about) where merged_into is null;
-- Equal to, and beginning with.
drop index sojourn.people_email;
create index people_email on sojourn.people (lower(traits ->> 'email') text_pattern_ops) where merged_into is null;
create index people_name on sojourn.people (lower(traits ->> 'name') text_pattern_ops) where merged_into is null;
create index people_user on sojourn.people (user_id text_pattern_ops) where merged_into is null;
`,
  },
  {
    id: 3,
    name: 'what runs wait for',
    sql: `
-- The step, until when, and the position in the trace: the wait is over once there is a step at that position.
alter table sojourn.runs add column waiting jsonb;
`,
  },
  {
    id: 4,
    name: 'what operators changed, and what was written lately',
    sql: `
create table sojourn.audit (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  by_id text not null,
  by_name text not null,
  kind text not null check (kind in ('journey', 'template', 'message', 'run', 'key')),
  subject text not null,
  was text,
  becomes text,
  about jsonb,
  wall_created_at timestamptz not null default now()
);
create index audit_subject on sojourn.audit (kind, subject, id);
create index audit_kind on sojourn.audit (kind, id);
create index audit_age on sojourn.audit (wall_created_at);

-- Lists of a person's runs by id.
create index runs_person_newest on sojourn.runs (person_id, state, id) include (journey);
-- Runs in the order in which their starts and ends were written, which is not that of the times of these.
create index runs_written on sojourn.runs (greatest(number, end_number));
`,
  },
  {
    id: 5,
    name: 'room beside rows that change',
    sql: `
-- An update that finds room on its row's page, and changes nothing that is indexed, touches no index.
alter table sojourn.people set (fillfactor = 80);
alter table sojourn.runs set (fillfactor = 70);
alter table sojourn.sends set (fillfactor = 80);
`,
  },
];
