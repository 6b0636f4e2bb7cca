/** P5: no attempt after what ended its run, nor after its person said no. */
import { groupBy } from '../facts';
import type { Invariant, Violation } from './violation';

export const noneAfterTheEnd: Invariant = ({ runs, sends, attempts }) => {
  const runOf = new Map(runs.map((run) => [run.id, run]));
  const sendOf = new Map(sends.map((send) => [send.id, send]));
  return attempts.flatMap(({ send_id, number, attempt }): Violation[] => {
    const send = sendOf.get(send_id);
    const run = send && runOf.get(send.run_id);
    if (!send || run?.end_number == null || Number(number) < Number(run.end_number)) return [];
    const what = `attempt ${attempt} of ${send_id} (${send.message}) has number ${number}; its run ${run.id} ended (${run.outcome}) at ${run.end_number}`;
    return [{ promise: 'P5', what, person: send.person_id }];
  });
};

/** Who is merged into somebody has no address, so nothing was sent to them, and there is nothing that they said no to. */
export const noneAfterUnsubscribe: Invariant = ({ sends, attempts, consents, known, people }) => {
  const canonical = new Map(people.map(({ id, merged_into }) => [id, merged_into ?? id]));
  const sendOf = new Map(sends.map((send) => [send.id, send]));
  const out = new Map(
    consents.filter(({ state }) => state === 'out').map((row) => [`${row.person_id} ${row.topic}`, Number(row.number)]),
  );
  const lost = known.unsubscribed.flatMap(({ personId, topic }): Violation[] => {
    const person = canonical.get(personId) ?? personId;
    return out.has(`${person} ${topic}`)
      ? []
      : [{ promise: 'P5', what: `the no to ${topic} of ${person} is lost`, person }];
  });
  const after = attempts.flatMap(({ send_id, number }): Violation[] => {
    const send = sendOf.get(send_id);
    if (send?.kind !== 'marketing') return [];
    const from = out.get(`${send.person_id} ${send.topic}`);
    if (from === undefined || Number(number) < from) return [];
    return [
      {
        promise: 'P5',
        what: `${send_id} was attempted at ${number}, after the no to ${send.topic}`,
        person: send.person_id,
      },
    ];
  });
  return [...lost, ...after];
};

/** Of one machine: the store's microseconds and the torture's milliseconds. */
const clocksApartMs = 2;

/** By the clock: what was acknowledged counts for every attempt that is claimed after it, whatever the numbers say. */
export const noneAfterAcknowledged: Invariant = ({ runs, sends, attempts, events, decisions, known }) => {
  const ackOf = new Map(known.reported.map(({ messageId, ackedAt }) => [messageId, ackedAt]));
  const eventOf = new Map(events.map((event) => [event.id, event]));
  const endedAt = new Map<string, number>();
  for (const { run, ackedAt } of known.stopped) endedAt.set(run, Math.min(ackedAt, endedAt.get(run) ?? Infinity));
  for (const { verdict, run_id, event_id, reason } of decisions) {
    const ackedAt =
      verdict === 'ended' && reason !== 'restarted' ? ackOf.get(eventOf.get(event_id)?.message_id ?? '') : undefined;
    if (ackedAt !== undefined && run_id !== null)
      endedAt.set(run_id, Math.min(ackedAt, endedAt.get(run_id) ?? Infinity));
  }
  const journeyOf = new Map(runs.map((run) => [run.id, run.journey]));
  const bySend = groupBy(attempts, ({ send_id }) => send_id);
  return sends.flatMap((send) =>
    (bySend.get(send.id) ?? []).flatMap(({ wall_claimed_at, attempt }): Violation[] => {
      const ended = endedAt.get(send.run_id);
      if (ended === undefined || wall_claimed_at.getTime() <= ended + clocksApartMs) return [];
      const late = wall_claimed_at.getTime() - ended;
      const what = `attempt ${attempt} of ${send.id} (${send.message}) was claimed ${late} ms after the end of its run ${send.run_id} (${journeyOf.get(send.run_id)}) was acknowledged`;
      return [{ promise: 'P5', what, person: send.person_id }];
    }),
  );
};

/** While a journey or a message is switched off, from the acknowledgement on until somebody asks for it again. */
export const noneWhilePaused: Invariant = ({ runs, sends, attempts, known }) => {
  const switched = known.troubles.filter(({ kind }) => kind === 'paused');
  const journeyOf = new Map(runs.map((run) => [run.id, run.journey]));
  const bySend = groupBy(attempts, ({ send_id }) => send_id);
  return sends.flatMap((send) => {
    const off = [`/v1/journeys/${journeyOf.get(send.run_id)}`, `/v1/templates/${send.message}`].flatMap((path) =>
      switched.flatMap(({ target, until }, index) => {
        const ofThis = (one: { target: string }) => one.target.startsWith(`${path}/`);
        // What was asked for twice may have been done twice: the second time by a process that hung, and after this.
        const isUnclear = switched.slice(0, index).some((one) => ofThis(one) && one.asked !== undefined);
        if (target !== `${path}/pause` || isUnclear) return [];
        const on = switched.slice(index + 1).find(ofThis);
        return { path, from: until + clocksApartMs, until: on?.from ?? Infinity };
      }),
    );
    return (bySend.get(send.id) ?? []).flatMap(({ wall_claimed_at, attempt }): Violation[] => {
      const at = wall_claimed_at.getTime();
      const when = off.find(({ from, until }) => at > from && at < until);
      const what = `attempt ${attempt} of ${send.id} was claimed while ${when?.path} was off`;
      return when ? [{ promise: 'switch', what, person: send.person_id }] : [];
    });
  });
};
