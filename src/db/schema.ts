/** The tables as Kysely sees them; `migrations.ts` makes them. Bigint columns are read as strings. */
import type { ColumnType, Generated } from 'kysely';
import type { HeaderData } from '../journey/header';
import type { JourneyEvent, Outcome } from '../journey/run-data';
import type { AuditKind, SendState } from './names';

type Json<T> = ColumnType<T, string, string>;
/** A time: read as a Date, written as a Date. */
type Time = ColumnType<Date, Date, Date>;
type MaybeTime = ColumnType<Date | null, Date | null | undefined, Date | null>;
type WallTime = ColumnType<Date, Date | undefined, Date>;
type Props = Record<string, unknown>;

export interface Database {
  settings: { name: string; value: Json<unknown> };
  people: {
    id: Generated<string>;
    merged_into: string | null;
    user_id: string | null;
    traits: Json<Props>;
    first_seen_at: Time;
    last_seen_at: MaybeTime;
    seen_about: ColumnType<Date, never, never>;
  };
  person_ids: { kind: 'user' | 'anonymous'; value: string; person_id: string };
  consents: {
    person_id: string;
    topic: string;
    state: 'in' | 'out';
    number: string;
    changed_at: Time;
    source: string;
  };
  suppressions: { channel: string; address_hash: string; reason: string; created_at: Time };
  assignments: { person_id: string; experiment: string; variant: string; assigned_at: Time };
  events: {
    id: Generated<string>;
    accepted_at: Time;
    occurred_at: Time;
    message_id: string;
    person_id: string;
    type: string;
    name: string;
    properties: Json<Props>;
    source: string;
    planned: boolean;
    activity: boolean;
    hop: number;
    context: Json<Props> | null;
  };
  message_ids: { message_id: string; event_id: string; person_id: string; wall_accepted_at: WallTime };
  set_aside: {
    id: Generated<string>;
    call: Json<unknown>;
    path: string;
    detail: string;
    source: string;
    received_at: Time;
    wall_created_at: WallTime;
  };
  pending: { event_id: string; event_accepted_at: Time; person_id: string; links: Json<unknown> | null };
  journeys: {
    id: string;
    header: Json<HeaderData>;
    mode: 'live' | 'shadow' | 'paused' | null;
    watched: Generated<boolean>;
    deployed_at: Time;
    updated_at: Time;
  };
  bundles: { version: string; code: Buffer; created_at: Time };
  runs: {
    id: Generated<string>;
    journey: string;
    person_id: string;
    key: string;
    workflow_id: string;
    number: string;
    state: 'live' | 'ended';
    header: Json<HeaderData>;
    trigger: Json<JourneyEvent>;
    trigger_event_id: string | null;
    holdout: boolean;
    mode: string;
    version: string | null;
    temporal_run_id: string | null;
    heard: Generated<number>;
    waiting: ColumnType<{ step: string; until?: number; position: number } | null, string | null | undefined, string>;
    outcome: Outcome | null;
    reason: string | null;
    started_at: Time;
    reported_at: MaybeTime;
    ended_at: MaybeTime;
    end_number: string | null;
    wall_created_at: WallTime;
    wall_checked_at: WallTime;
  };
  run_steps: { run_id: string; position: number; at: Time; step: string; result: string; why: Json<Props> | null };
  decisions: {
    number: string;
    event_id: string;
    person_id: string;
    journey: string;
    run_id: string | null;
    verdict: string;
    reason: string | null;
    inputs: Json<unknown> | null;
    decided_at: Time;
  };
  deliveries: {
    number: string;
    run_id: string;
    kind: 'start' | 'event' | 'end' | 'wake';
    payload: Json<unknown>;
    wall_created_at: WallTime;
  };
  dispatch: {
    run_id: string;
    due_at: WallTime;
    lease_until: MaybeTime;
    fence: Generated<string>;
    attempts: Generated<number>;
    last_error: string | null;
  };
  watches: { journey: string; person_id: string; since_at: Time; fires_at: Time };
  sends: {
    id: string;
    step_key: string;
    run_id: string;
    person_id: string;
    journey: string;
    step: string;
    message: string;
    channel: string;
    topic: string | null;
    kind: 'marketing' | 'transactional';
    state: SendState;
    reason: string | null;
    number: string | null;
    attempts: Generated<number>;
    address: string | null;
    subject: string | null;
    props: Json<Props>;
    provider: string | null;
    provider_id: string | null;
    receipt: Json<Props> | null;
    lease_until: MaybeTime;
    lease_token: string | null;
    created_at: Time;
    attempted_at: MaybeTime;
    settled_at: MaybeTime;
  };
  attempts: {
    send_id: string;
    attempt: number;
    number: string;
    claimed_at: Time;
    outcome: string | null;
    error: string | null;
    wall_claimed_at: WallTime;
    wall_ended_at: MaybeTime;
  };
  links: { send_id: string; position: number; url: string };
  api_keys: {
    id: string;
    kind: 'browser' | 'server' | 'secret';
    name: string;
    hash: string;
    created_at: Time;
    revoked_at: MaybeTime;
  };
  audit: {
    id: Generated<string>;
    at: Time;
    by_id: string;
    by_name: string;
    kind: AuditKind;
    subject: string;
    was: string | null;
    becomes: string | null;
    about: Json<Record<string, string>> | null;
    wall_created_at: WallTime;
  };
  admin_sessions: { hash: string; fingerprint: string; wall_created_at: WallTime; wall_expires_at: WallTime };
  idempotency_keys: {
    key_hash: string;
    request_hash: string;
    status: number | null;
    body: Json<unknown> | null;
    wall_created_at: WallTime;
  };
}
