/** What the store has of a scenario, in the simulator's words. */
import type { Db } from '../../src/db';
import type { Story } from '../../src/prove/result';
import type { Verdict } from '../../src/routing';

export async function readStory(db: Db): Promise<Story> {
  const people = await db.selectFrom('people').selectAll().orderBy('id').execute();
  const events = await db.selectFrom('events').selectAll().orderBy('id').execute();
  const runs = await db.selectFrom('runs').selectAll().orderBy('id').execute();
  const steps = await db.selectFrom('run_steps').selectAll().orderBy('position').execute();
  const sends = await db.selectFrom('sends').selectAll().orderBy('settled_at').orderBy('number').execute();
  const decisions = await db.selectFrom('decisions').selectAll().orderBy('number').execute();
  const story = {
    people: new Map(
      people.map(({ id, traits }) => [
        id,
        {
          id,
          traits,
          events: events
            .filter((event) => event.person_id === id)
            .map(({ name, accepted_at }) => ({ name, acceptedAt: accepted_at.getTime() })),
        },
      ]),
    ),
    runs: runs.map(({ id, journey, outcome, reason, started_at, ended_at }) => ({
      id,
      journey,
      startedAt: started_at.getTime(),
      ending: outcome && ended_at ? { outcome, reason: reason ?? undefined, at: ended_at.getTime() } : undefined,
      steps: steps
        .filter((step) => step.run_id === id)
        .map(({ at, step, result, why }) => ({ at: at.getTime(), step, result, ...(why && { why }) })),
    })),
    sends: sends.map(({ run_id, message, channel, props, state, settled_at }) => ({
      ...{ run: run_id, message, channel, props, state },
      at: settled_at?.getTime() ?? 0,
    })),
    decisions: decisions.map(({ event_id, person_id, journey, verdict, reason, inputs }) => {
      const event = events.find(({ id }) => id === event_id);
      return {
        at: event?.accepted_at.getTime() ?? 0,
        event: event?.name ?? '',
        personId: person_id,
        verdict: { verdict, journey, reason, inputs } as Verdict,
      };
    }),
  };
  // Only what a result is told from.
  return story as unknown as Story;
}
