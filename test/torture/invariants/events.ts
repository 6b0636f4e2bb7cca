/** P1 and P2: what was acknowledged is there, once, and nothing waits any more. */
import { groupBy } from '../facts';
import type { Invariant, Violation } from './violation';

export const keptOnce: Invariant = ({ known, events, messageIds }) => {
  const stored = groupBy(events, ({ message_id }) => message_id);
  const ids = new Map(messageIds.map((row) => [row.message_id, row]));
  const acknowledged = [
    ...known.reported
      .filter(({ ackedAt }) => ackedAt !== undefined)
      .map(({ messageId, name }) => ({ messageId, name })),
    ...known.requested
      .filter(({ ackedAt }) => ackedAt !== undefined)
      .map(({ messageId }) => ({ messageId, name: 'trigger_requested' })),
  ];
  const lost = acknowledged.flatMap(({ messageId, name }): Violation[] => {
    const rows = stored.get(messageId) ?? [];
    if (rows.length === 1 && rows[0]!.name === name && ids.get(messageId)?.event_id === rows[0]!.id) return [];
    return [
      {
        promise: 'P1',
        what: `${messageId} (${name}) was acknowledged; stored are ${rows.map((row) => row.name).join() || 'none'}`,
      },
    ];
  });
  const twice = [...stored].flatMap(([messageId, rows]): Violation[] =>
    rows.length > 1
      ? [{ promise: 'P2', what: `${messageId} is stored ${rows.length} times`, person: rows[0]!.person_id }]
      : [],
  );
  return [...lost, ...twice];
};

/** A signal that Temporal took is an event, unless its execution was terminated or reset by hand. */
export const signalsAreEvents: Invariant = ({ known, messageIds }) => {
  const ids = new Set(messageIds.map(({ message_id }) => message_id));
  const cut = new Set(
    known.inTemporal.filter(({ did }) => did === 'terminate' || did === 'reset').map(({ workflowId }) => workflowId),
  );
  return known.inTemporal.flatMap(({ did, messageId, workflowId }) =>
    did === 'signal' && messageId !== undefined && !cut.has(workflowId) && !ids.has(messageId)
      ? [{ promise: 'P1', what: `the signal ${messageId} to ${workflowId} is no event` }]
      : [],
  );
};

export const nothingWaits: Invariant = ({ left }) =>
  Object.entries(left).flatMap(([table, rows]) =>
    rows > 0 ? [{ promise: 'P1', what: `${rows} rows are left in ${table}` }] : [],
  );

/** One verdict for each event and journey that it triggers, and none twice. */
export const decidedOnce: Invariant = ({ events, decisions }) => {
  const triggers: Record<string, string[]> = {
    add_to_cart: ['reminder', 'shade'],
    sign_up: ['listener'],
    purchase: ['order'],
    login: ['welcome'],
    welcomed: ['afterwards'],
    browse: ['nudge'],
  };
  const byEvent = groupBy(decisions, ({ event_id }) => event_id);
  return events.flatMap(({ id, name, person_id, properties }): Violation[] => {
    const all = byEvent.get(id) ?? [];
    const journeys = name === 'trigger_requested' ? [String(properties.journey)] : (triggers[name] ?? []);
    const missing = journeys.filter(
      (journey) =>
        all.filter((one) => one.journey === journey && ['entered', 'refused'].includes(one.verdict)).length !== 1,
    );
    const runs = all.flatMap(({ run_id, verdict }) => (run_id === null ? [] : [`${verdict} ${run_id}`]));
    const repeated = runs.filter((run, index) => runs.indexOf(run) !== index);
    return [
      ...missing.map((journey) => ({
        promise: 'P1',
        what: `event ${id} (${name}) has not exactly one verdict on entering ${journey}`,
        person: person_id,
      })),
      ...repeated.map((run) => ({ promise: 'P4', what: `event ${id} (${name}) has ${run} twice`, person: person_id })),
    ];
  });
};
