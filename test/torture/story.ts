/** A person's whole story in the order of its times: what was reported, decided, told, done, attempted and taken. */
import type { Facts } from './facts';

export function story(facts: Facts, personId: string): string {
  const { people, events, decisions, runs, steps, sends, attempts, handovers, consents, known } = facts;
  const ids = new Set([personId, ...people.filter((one) => one.merged_into === personId).map(({ id }) => id)]);
  const lines: [at: number, text: string][] = [];
  const tell = (at: Date | number | null | undefined, text: string) => {
    if (at != null) lines.push([typeof at === 'number' ? at : at.getTime(), text]);
  };
  const acks = new Map(known.reported.map(({ messageId, ackedAt }) => [messageId, ackedAt]));
  const own = runs.filter(({ person_id }) => ids.has(person_id));
  const ownRuns = new Set(own.map(({ id }) => id));
  const workflows = new Set(own.map(({ workflow_id }) => workflow_id));
  const ownSends = sends.filter(({ person_id }) => ids.has(person_id));
  const sendIds = new Set(ownSends.map(({ id }) => id));
  for (const event of events.filter(({ person_id }) => ids.has(person_id))) {
    const { id, name, message_id, properties, source, accepted_at } = event;
    tell(accepted_at, `event ${id} ${name} ${message_id} by ${source} ${JSON.stringify(properties)}`);
    tell(acks.get(message_id), `event ${id} acknowledged`);
  }
  for (const { person_id, decided_at, number, event_id, journey, verdict, run_id, reason } of decisions) {
    if (ids.has(person_id)) {
      tell(decided_at, `decision ${number}: event ${event_id} ${journey} ${verdict} ${run_id ?? ''} ${reason ?? ''}`);
    }
  }
  for (const run of own) {
    tell(run.started_at, `run ${run.id} number ${run.number} ${run.workflow_id} ${run.temporal_run_id} begins`);
    tell(run.ended_at, `run ${run.id} ends ${run.outcome} ${run.reason ?? ''} number ${run.end_number}`);
  }
  for (const { run_id, at, position, step, result, why } of steps) {
    if (ownRuns.has(run_id)) tell(at, `run ${run_id} step ${position} ${step}: ${result} ${JSON.stringify(why ?? {})}`);
  }
  for (const send of ownSends) {
    tell(send.settled_at ?? send.created_at, `send ${send.id} ${send.step_key}: ${send.state} ${send.reason ?? ''}`);
  }
  for (const one of attempts.filter(({ send_id }) => sendIds.has(send_id))) {
    const which = `attempt ${one.attempt} of ${one.send_id}`;
    tell(one.wall_claimed_at, `${which} claimed, number ${one.number}`);
    tell(one.wall_ended_at, `${which}: ${one.outcome} ${one.error ?? ''}`);
  }
  for (const one of handovers.filter(({ messageId }) => sendIds.has(messageId.slice(1).split('@')[0] ?? ''))) {
    tell(one.from, `peer gets ${one.messageId}`);
    tell(one.until, `peer ${one.answer} ${one.messageId}, ${one.taken ? 'taken' : 'not taken'}`);
  }
  for (const { person_id, changed_at, topic, state, number } of consents) {
    if (ids.has(person_id)) tell(changed_at, `consent ${topic} ${state} number ${number}`);
  }
  for (const { did, workflowId, temporalRunId, at } of known.inTemporal) {
    if (workflows.has(workflowId)) tell(at, `in Temporal: ${did} ${workflowId} ${temporalRunId ?? ''}`);
  }
  for (const { run, ackedAt } of known.stopped) if (ownRuns.has(run)) tell(ackedAt, `stop of run ${run} acknowledged`);
  for (const { target, kind, from, until } of known.troubles) {
    tell(from, `~ ${target} ${kind}`);
    tell(Number.isFinite(until) ? until : undefined, `~ ${target} back`);
  }
  const ordered = lines.toSorted(([a], [b]) => a - b);
  return ordered.map(([at, text]) => `${new Date(at).toISOString().slice(11, 23)} ${text}`).join('\n');
}
