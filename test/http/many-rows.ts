/**
 * Fills a store as accept, decide and runs would have: 10,000 people, 100,000 events, 20,000 runs with their steps and
 * sends, 60,000 refusals. Half of the events are of the last hour; one person, `u1`, has hundreds of runs.
 */
import { sql } from 'kysely';
import type { Db } from '../../src/db';

export const many = { people: 10_000, events: 100_000, runs: 20_000, refusals: 60_000, ofOnePerson: 500 };

export async function fillWithMany(db: Db, now: number): Promise<void> {
  const at = new Date(now);
  // Older first, so that rows lie in the order of their time, as they would.
  const ago = (n: ReturnType<typeof sql>, of: number) => sql`${at}::timestamptz - case
    when ${n} <= ${of / 2} then make_interval(secs => 2592000.0 * (${of / 2} - ${n}) / ${of / 2} + 3600)
    else make_interval(secs => 3600.0 * (${of} - ${n}) / ${of / 2}) end`;
  const n = sql`n`;
  /** `u1` has the first runs, the others two each at most. */
  const person = sql`case when n <= ${many.ofOnePerson} then 1 else 2 + (n * 7919) % ${many.people - 1} end`;

  await sql`insert into sojourn.people (id, user_id, traits, first_seen_at, last_seen_at)
    select n, 'u' || n, jsonb_build_object('name', 'Person ' || n, 'email', 'person' || n || '@example.com'),
      ${at}::timestamptz - interval '40 days', ${ago(n, many.people)}
    from generate_series(1, ${many.people}::int) n`.execute(db);
  await sql`insert into sojourn.person_ids (kind, value, person_id)
    select 'user', 'u' || n, n from generate_series(1, ${many.people}::int) n`.execute(db);
  await sql`insert into sojourn.events (id, accepted_at, occurred_at, message_id, person_id, type, name, properties,
      source, planned, activity)
    select n, ${ago(n, many.events)}, ${ago(n, many.events)}, 'm' || n, ${person}, 'track',
      case when n % 50 = 0 then 'button_pressed_' || n % 7 else (array['add_to_cart', 'view_item', 'login'])[1 + n % 3] end,
      '{"value":80,"items":[{"item_id":"desk","item_name":"Desk","price":80,"quantity":1}]}', 'http', n % 50 <> 0, true
    from generate_series(1, ${many.events}::int) n`.execute(db);

  await sql`insert into sojourn.runs (id, journey, person_id, key, workflow_id, number, state, header, trigger, holdout,
      mode, version, outcome, started_at, ended_at)
    select n, case when n % 4 = 0 then 're-engagement' else 'cart-abandonment' end, ${person}, 'k' || n,
      'cart-abandonment/u' || n, n, case when n % 10 = 0 then 'live' else 'ended' end, j.header,
      jsonb_build_object('id', n, 'name', 'add_to_cart', 'at', 0, 'acceptedAt', 0, 'properties', j.header), n % 20 = 0,
      'live', 'v' || n % 3, case when n % 10 = 0 then null when n % 3 = 0 then 'converted' else 'completed' end,
      ${ago(n, many.runs)}, case when n % 10 = 0 then null else ${ago(n, many.runs)} + interval '20 minutes' end
    from generate_series(1, ${many.runs}::int) n
    join sojourn.journeys j on j.id = case when n % 4 = 0 then 're-engagement' else 'cart-abandonment' end
    order by n`.execute(db);
  await sql`insert into sojourn.run_steps (run_id, position, at, step, result, why)
    select r.id, p, r.started_at + make_interval(mins => 5 * p),
      (array['idle 30m', 'check cart-is-open', 'experiment cart-offer', 'send cart-reminder'])[1 + p],
      (array['reached', 'yes', case when r.id % 2 = 0 then 'none' else 'ten-percent' end,
        case when r.holdout then 'skipped' else 'sent' end])[1 + p], '{"lastActivity":"0m"}'
    from sojourn.runs r cross join generate_series(0, 3) p where r.state = 'ended' or p < 2`.execute(db);
  await sql`insert into sojourn.sends (id, step_key, run_id, person_id, journey, step, message, channel, topic, kind, state,
      reason, props, subject, address, created_at, settled_at)
    select 'snd_' || r.id, r.workflow_id || '/send', r.id, r.person_id, r.journey, 'send cart-reminder', 'cart-reminder',
      'email', 'reminders', 'marketing',
      case when r.id % 500 = 0 then 'uncertain' when r.id % 7 = 0 then 'skipped' else 'sent' end,
      case when r.id % 500 <> 0 and r.id % 7 = 0 then 'capped' end, '{"offer":"none"}', 'Your cart', 'a@example.com',
      r.started_at + interval '15 minutes', r.started_at + interval '15 minutes'
    from sojourn.runs r order by r.id`.execute(db);
  await sql`insert into sojourn.decisions (number, event_id, person_id, journey, run_id, verdict, reason, inputs, decided_at)
    select r.id, r.id, r.person_id, r.journey, r.id, 'entered', null, '{"cart value":80}'::jsonb, r.started_at
    from sojourn.runs r
    union all
    select ${many.runs} + n, n, ${person}, 'cart-abandonment', null, 'refused',
      (array['rule_not_met', 'entry_limit', 'already_running'])[1 + n % 3], '{"cart value":20}', ${ago(n, many.refusals)}
    from generate_series(1, ${many.refusals}::int) n`.execute(db);
  await sql`select setval('sojourn.people_id_seq', ${many.people}), setval('sojourn.event_id_seq', ${many.events}),
    setval('sojourn.run_id_seq', ${many.runs}), setval('sojourn.number_seq', ${many.runs + many.refusals})`.execute(db);
  await sql`vacuum (analyze)`.execute(db);
}
