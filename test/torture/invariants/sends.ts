/** P6: what the ledger says is what the peer has, and nothing went twice that should not have. */
import { groupBy, type Facts } from '../facts';
import type { Handover } from '../peer';
import type { Invariant, Violation } from './violation';

const sendIdOf = ({ messageId }: Handover) => /^<([^@>]+)@/.exec(messageId)?.[1] ?? '';

/** An attempt that may have gone out. */
const mayBeOut = (outcome: string | null) => outcome === 'accepted' || outcome === 'uncertain' || outcome === null;

export const oneSendAStep: Invariant = ({ sends, attempts, handovers }) => {
  const taken = groupBy(
    handovers.filter((one) => one.taken),
    sendIdOf,
  );
  const tried = groupBy(attempts, ({ send_id }) => send_id);
  const rows = new Set(sends.map(({ id }) => id));
  const unknown = [...taken.keys()].filter((id) => !rows.has(id));
  return [
    ...unknown.map((id) => ({ promise: 'P6', what: `the peer has '${id}', of which the ledger knows nothing` })),
    ...sends.flatMap((send): Violation[] => {
      const times = taken.get(send.id)?.length ?? 0;
      const out = (tried.get(send.id) ?? []).filter(({ outcome }) => mayBeOut(outcome)).length;
      const wrong = (what: string) => [
        { promise: 'P6', what: `${send.id} (${send.message}, ${send.state}): ${what}`, person: send.person_id },
      ];
      if (send.state === 'attempting') return wrong('nobody has settled it');
      if (times > out) return wrong(`the peer took it ${times} times, in ${out} attempts that may have gone out`);
      if (send.kind === 'marketing' && out > 1) return wrong(`${out} attempts may have gone out`);
      if (send.kind === 'transactional' && out > 3) return wrong(`${out} attempts may have gone out`);
      if (send.state === 'sent' && times === 0) return wrong('the peer never took it');
      if (!['sent', 'delivered', 'uncertain'].includes(send.state) && times > 0) return wrong('the peer took it');
      return [];
    }),
  ];
};

/** Of one message, no attempt begins before the last is over. */
export const oneAtATime: Invariant = ({ handovers, sends }) => {
  const personOf = new Map(sends.map(({ id, person_id }) => [id, person_id]));
  return [...groupBy(handovers, sendIdOf)].flatMap(([id, all]) => {
    const ordered = all.toSorted((a, b) => a.from - b.from);
    return ordered.flatMap((one, index): Violation[] => {
      const next = ordered[index + 1];
      const overlaps = id !== '' && next && next.from < one.until;
      return overlaps
        ? [{ promise: 'P6', what: `${id} was handed over twice at a time`, person: personOf.get(id) }]
        : [];
    });
  });
};

/** How long after its claim an attempt's lease is over, and a little. */
const leaseMs = 36_000;
const slowMs = 20_000;

/** Every uncertain attempt has a reason: the peer vanished in it, or a worker or the store was in trouble meanwhile. */
export const uncertainForAReason: Invariant = ({ attempts, sends, handovers, known }) => {
  const sendOf = new Map(sends.map((send) => [send.id, send]));
  const vanished = groupBy(
    handovers.filter(({ answer }) => answer === 'cut' || answer === 'dropped'),
    sendIdOf,
  );
  // One that is stopped in order finishes its attempts.
  const troubles = known.troubles.filter(
    ({ target, kind }) => /^(worker-\d|postgres)$/.test(target) && kind !== 'stopped',
  );
  return attempts.flatMap(({ send_id, attempt, outcome, wall_claimed_at, wall_ended_at }): Violation[] => {
    if (outcome !== 'uncertain' || vanished.has(send_id)) return [];
    const at = wall_claimed_at.getTime();
    // A machine that is short of time may keep an answer for so long that it is given up.
    if ((wall_ended_at?.getTime() ?? at) - at > slowMs) return [];
    if (troubles.some(({ from, until }) => from < at + leaseMs && until > at - 2_000)) return [];
    const what = `attempt ${attempt} of ${send_id} is uncertain for no reason`;
    return [{ promise: 'P6', what, person: sendOf.get(send_id)?.person_id }];
  });
};

interface Rule {
  /** Marketing of this person that may have gone out before. */
  mayUse?: number;
  cooldownMs?: number;
}

const rules: Record<string, Rule> = {
  note: { mayUse: 3 },
  'second-note': { mayUse: 3 },
  nudge: { mayUse: 3, cooldownMs: 5_000 },
  tip: { mayUse: 4, cooldownMs: 4_000 },
};

/** P7. Who is merged into somebody has no address, so all attempts were always this person's. */
export const capsHold: Invariant = (facts: Facts) => {
  const { attempts, sends } = facts;
  const sendOf = new Map(sends.map((send) => [send.id, send]));
  const byPerson = groupBy(attempts, ({ send_id }) => sendOf.get(send_id)?.person_id ?? '');
  return [...byPerson].flatMap(([person, own]): Violation[] => {
    return own.flatMap((attempt): Violation[] => {
      const send = sendOf.get(attempt.send_id);
      const { mayUse = Infinity, cooldownMs = 0 } = rules[send?.message ?? ''] ?? {};
      const before = own.filter(
        (other) =>
          other.send_id !== attempt.send_id &&
          Number(other.number) < Number(attempt.number) &&
          (other.outcome === 'accepted' || other.outcome === 'uncertain'),
      );
      const marketing = new Set(
        before.filter(({ send_id }) => sendOf.get(send_id)?.kind === 'marketing').map(({ send_id }) => send_id),
      );
      const lastOfMessage = before
        .filter(({ send_id }) => sendOf.get(send_id)?.message === send?.message)
        .reduce((last, { claimed_at }) => Math.max(last, claimed_at.getTime()), 0);
      return [
        ...(marketing.size >= mayUse
          ? [{ promise: 'P7', what: `${attempt.send_id} (${send?.message}) is over the cap of ${mayUse}`, person }]
          : []),
        ...(cooldownMs > 0 && attempt.claimed_at.getTime() < lastOfMessage + cooldownMs
          ? [{ promise: 'P7', what: `${attempt.send_id} (${send?.message}) came within its cooldown`, person }]
          : []),
      ];
    });
  });
};
