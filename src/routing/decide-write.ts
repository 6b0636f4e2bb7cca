/** What a round of decisions changes, gathered while deciding and written in few statements, numbered in order. */
import { sql } from 'kysely';
import { idArray, nextNumbersAndRunIds, write, writeTogether, type Tx, type Write } from '../db';
import type { Clock } from '../clock';
import type { CatalogJourney, Ending, JourneyEvent } from '../journey';
import { adoption, endRuns, startArgs, withoutAddressesIn, workflowIdOf, type RunToStart } from '../runs';
import type { Verdict } from './decide-rules';
import type { LoadedPerson, PendingEvent } from './decide-load';
import { enqueueing, type Delivery } from './outbox';

interface Decision {
  event: PendingEvent;
  person: LoadedPerson;
  verdict: Verdict;
  /** A placeholder (`new:0`) for a run made in this round, until the ids are drawn. */
  run?: string;
  number: number;
}

interface Watch {
  journey: string;
  person_id: string;
  since: number;
  forMs: number;
}

/** What a verdict is about, by ids. */
export interface Decided {
  event: string;
  person: string;
  /** None where the journey was refused. */
  run?: string;
}

export class Changes {
  private readonly decisions: Decision[] = [];
  private readonly events: string[] = [];
  private readonly watches = new Map<string, Watch>();
  private newRuns = 0;
  hasDeliveries = false;

  decided(eventId: string): void {
    this.events.push(eventId);
  }

  verdicts(): (Decided & { verdict: Verdict })[] {
    return this.decisions.map(({ verdict, event, person, run }) => ({
      verdict,
      event: event.id,
      person: person.state.id,
      run,
    }));
  }

  /** Takes a verdict down, and lets the person's state show it to the next event. */
  apply(person: LoadedPerson, event: PendingEvent, verdict: Verdict): void {
    const decision: Decision = { event, person, verdict, number: 0 };
    this.decisions.push(decision);
    if (verdict.verdict === 'refused') return;
    decision.run = verdict.verdict === 'entered' ? `new:${this.newRuns++}` : verdict.run;
    follow(person, event, verdict, decision.run);
  }

  /** Absence triggers: the event has come, so its absence counts from now on. */
  watch(person: LoadedPerson, event: PendingEvent, journeys: CatalogJourney[]): void {
    for (const { id: journey, header } of journeys) {
      for (const trigger of header.on) {
        if (trigger.kind !== 'absent' || trigger.event !== event.name) continue;
        const key = `${journey}/${person.state.id}`;
        const since = Math.max(event.at, this.watches.get(key)?.since ?? 0);
        this.watches.set(key, { journey, person_id: person.state.id, since, forMs: trigger.forMs });
      }
    }
  }

  async write(tx: Tx, people: Iterable<LoadedPerson>, clock: Clock): Promise<void> {
    await this.assignNumbers(tx);
    const entered = this.enteredRuns();
    const deliveries = this.deliveries(entered, clock);
    this.hasDeliveries = deliveries.length > 0;
    // On its own and first: a run that starts may take the place of one that ends here.
    await endRuns(
      tx,
      this.ends()
        .filter(({ run }) => !entered.has(run))
        .map(({ run, number, ending }) => ({ runId: run, number, ending })),
    );
    await writeTogether(tx, [
      write(this.events, (ids) => sql`delete from sojourn.pending where event_id = any(${idArray(ids)})`),
      updatedPeople([...people]),
      this.insertedRuns(entered),
      this.countedHeard(entered),
      this.insertedDecisions(clock),
      ...enqueueing(deliveries),
      this.movedWatches(),
    ]);
  }

  private async assignNumbers(tx: Tx): Promise<void> {
    if (this.decisions.length === 0) return;
    const { numbers, runIds } = await nextNumbersAndRunIds(tx, this.decisions.length, this.newRuns);
    const ids = new Map(runIds.map((id, index) => [`new:${index}`, id]));
    for (const [index, decision] of this.decisions.entries()) {
      decision.number = numbers[index]!;
      if (decision.run !== undefined) decision.run = ids.get(decision.run) ?? decision.run;
      decision.verdict = namingRun(decision.verdict, ids);
    }
  }

  private ends(): { run: string; number: number; ending: Ending }[] {
    return this.decisions.flatMap(({ verdict, run, number, event }) =>
      verdict.verdict === 'ended' && run !== undefined
        ? [{ run, number, ending: { outcome: verdict.outcome, reason: verdict.reason, at: event.acceptedAt } }]
        : [],
    );
  }

  private enteredRuns(): Map<string, RunToStart> {
    return new Map(
      this.decisions.flatMap((decision) => {
        const { verdict, run: id, number, event, person } = decision;
        if (verdict.verdict !== 'entered' || id === undefined) return [];
        const run = {
          journey: verdict.journey,
          header: verdict.header,
          trigger: journeyEvent(event),
          person: { id: person.state.id, userId: person.userId, traits: person.state.traits },
        };
        const workflowId = adoption(run.trigger)?.workflowId ?? workflowIdOf({ ...run, key: verdict.key });
        return [[id, { id, number, workflowId, ...run }]];
      }),
    );
  }

  /** A run that ended in the very round that made it is written as ended: only one may be live. */
  private insertedRuns(entered: Map<string, RunToStart>): Write {
    const ends = new Map(this.ends().map((end) => [end.run, end]));
    const heard = this.heard();
    const rows = this.decisions.flatMap(({ verdict, run: id }) => {
      const run = id === undefined ? undefined : entered.get(id);
      if (verdict.verdict !== 'entered' || run === undefined) return [];
      const end = ends.get(run.id);
      return {
        id: run.id,
        journey: run.journey,
        person_id: run.person.id,
        key: verdict.key,
        workflow_id: run.workflowId,
        number: run.number,
        state: end ? 'ended' : 'live',
        outcome: end?.ending.outcome,
        reason: end?.ending.reason,
        ended_at: end && new Date(end.ending.at),
        end_number: end?.number,
        header: run.header,
        trigger: run.trigger,
        trigger_event_id: run.trigger.id,
        holdout: verdict.holdout,
        mode: run.header.mode,
        temporal_run_id: adoption(run.trigger)?.temporalRunId,
        heard: heard.get(run.id) ?? 0,
        started_at: new Date(run.trigger.acceptedAt),
      };
    });
    return write(
      rows,
      (some) => sql`
        insert into sojourn.runs (id, journey, person_id, key, workflow_id, number, state, outcome, reason, ended_at,
          end_number, header, trigger, trigger_event_id, holdout, mode, temporal_run_id, heard, started_at)
        select * from jsonb_to_recordset(${JSON.stringify(some)}::jsonb) as x (id bigint, journey text,
          person_id bigint, key text, workflow_id text, number bigint, state text, outcome text, reason text,
          ended_at timestamptz, end_number bigint, header jsonb, trigger jsonb, trigger_event_id bigint,
          holdout boolean, mode text, temporal_run_id text, heard int, started_at timestamptz)`,
    );
  }

  private heard(): Map<string, number> {
    const heard = new Map<string, number>();
    for (const { verdict, run } of this.decisions) {
      if (verdict.verdict === 'heard' && run !== undefined) heard.set(run, (heard.get(run) ?? 0) + 1);
    }
    return heard;
  }

  /** Of runs that were there before; those that are new are written with it. */
  private countedHeard(entered: Map<string, RunToStart>): Write {
    return write(
      [...this.heard()].filter(([run]) => !entered.has(run)),
      (some) => sql`
        update sojourn.runs r set heard = r.heard + x.count
        from jsonb_to_recordset(${JSON.stringify(some.map(([id, count]) => ({ id, count })))}::jsonb) as x (id bigint, count int)
        where r.id = x.id and r.id = any(${idArray(some.map(([id]) => id))})`,
    );
  }

  private insertedDecisions(clock: Clock): Write {
    const decidedAt = new Date(clock.now());
    const rows = this.decisions.map(({ verdict, run, number, event, person }) => ({
      number,
      event_id: event.id,
      person_id: person.state.id,
      journey: verdict.journey,
      run_id: run,
      verdict: verdict.verdict,
      reason: 'reason' in verdict ? verdict.reason : undefined,
      inputs: 'inputs' in verdict ? verdict.inputs : undefined,
    }));
    return write(
      rows,
      (some) => sql`
        insert into sojourn.decisions (number, event_id, person_id, journey, run_id, verdict, reason, inputs, decided_at)
        select x.*, ${decidedAt}::timestamptz from jsonb_to_recordset(${JSON.stringify(some)}::jsonb) as x (
          number bigint, event_id bigint, person_id bigint, journey text, run_id bigint, verdict text, reason text,
          inputs jsonb)`,
    );
  }

  /** A run that never got to start, and one that a client's execution has adopted, are not started. */
  private deliveries(entered: Map<string, RunToStart>, clock: Clock): Delivery[] {
    const deadOnArrival = new Set(this.ends().flatMap(({ run }) => (entered.has(run) ? [run] : [])));
    const ends = new Map(this.ends().map((end) => [end.number, end.ending]));
    return this.decisions.flatMap(({ verdict, run: runId, number, event }): Delivery[] => {
      if (runId === undefined || (deadOnArrival.has(runId) && !adoption(entered.get(runId)!.trigger))) return [];
      if (verdict.verdict === 'entered') {
        const run = entered.get(runId)!;
        return adoption(run.trigger) ? [] : [{ number, runId, kind: 'start', payload: startArgs(run, clock) }];
      }
      if (verdict.verdict === 'heard') {
        return [
          {
            number,
            runId,
            kind: 'event',
            payload: { n: number, kind: 'event', event: withoutAddressesIn(journeyEvent(event)) },
          },
        ];
      }
      const ending = ends.get(number);
      return ending ? [{ number, runId, kind: 'end', payload: { n: number, kind: 'end', ending } }] : [];
    });
  }

  private movedWatches(): Write {
    return write(
      [...this.watches.values()],
      (some) => sql`
        insert into sojourn.watches as w (journey, person_id, since_at, fires_at)
        select * from jsonb_to_recordset(${JSON.stringify(some.map(watchRow))}::jsonb)
          as x (journey text, person_id bigint, since_at timestamptz, fires_at timestamptz)
        on conflict (journey, person_id) do update set since_at = greatest(w.since_at, excluded.since_at),
          fires_at = greatest(w.fires_at, excluded.fires_at)`,
    );
  }
}

/** A refusal says which run was live already: one that was made in this round is called by its id from now on. */
function namingRun(verdict: Verdict, ids: ReadonlyMap<string, string>): Verdict {
  const run = verdict.verdict === 'refused' ? ids.get(String(verdict.inputs.run)) : undefined;
  return verdict.verdict === 'refused' && run ? { ...verdict, inputs: { ...verdict.inputs, run } } : verdict;
}

function follow(
  person: LoadedPerson,
  event: PendingEvent,
  verdict: Exclude<Verdict, { verdict: 'refused' }>,
  id: string,
) {
  const { state } = person;
  if (verdict.verdict === 'entered') {
    const { journey, key, header } = verdict;
    state.liveRuns.push({ id, journey, key, header, startedAt: event.acceptedAt, heard: 0 });
    state.lastEntries.set(journey, event.acceptedAt);
  } else if (verdict.verdict === 'ended') {
    state.liveRuns = state.liveRuns.filter((run) => run.id !== id);
  } else if (verdict.verdict === 'heard') {
    const run = state.liveRuns.find((one) => one.id === id);
    if (run) run.heard++;
  }
}

function watchRow({ journey, person_id, since, forMs }: Watch) {
  return { journey, person_id, since_at: new Date(since), fires_at: new Date(since + forMs) };
}

function journeyEvent({ id, name, properties, at, acceptedAt }: PendingEvent): JourneyEvent {
  return { id, name, properties, at, acceptedAt };
}

function updatedPeople(people: LoadedPerson[]): Write {
  const rows = people
    .filter(({ seenAt, traitsChanged }) => seenAt !== undefined || traitsChanged)
    .map(({ state, seenAt, traitsChanged }) => ({
      id: state.id,
      seen: seenAt === undefined ? undefined : new Date(seenAt),
      traits: traitsChanged ? state.traits : undefined,
    }));
  return write(
    rows,
    (some) => sql`
      update sojourn.people p set last_seen_at = greatest(p.last_seen_at, x.seen), traits = coalesce(x.traits, p.traits)
      from jsonb_to_recordset(${JSON.stringify(some)}::jsonb) as x (id bigint, seen timestamptz, traits jsonb)
      -- The array finds the rows by their index, whatever PostgreSQL guesses of the number of those that it is joined to.
      where p.id = x.id and p.id = any(${idArray(some.map(({ id }) => id))})
        and (x.traits is not null or p.last_seen_at is null or x.seen > p.last_seen_at)`,
  );
}
