import { Command } from 'commander';
import { SojournError } from '../errors';
import { readTimeline } from '../http';
import { findPerson, parsePersonName, readPerson } from '../people';
import { print, run, withJson, withStore } from './output';

class NoSuchPerson extends SojournError {
  readonly code = 'no_such_person';
}

const entriesShown = 50;

export function peopleCommand(): Command {
  return withJson(
    new Command('people').description('one person: traits, consents, and what happened, newest first'),
    'sojourn people ann',
  )
    .argument('<person>', 'a user id, or anonymous: and an anonymous id')
    .action(
      run(async (name: string, { json }: { json?: boolean }) => {
        const answer = await withStore(async (db) => {
          const found = await findPerson(db, parsePersonName(name));
          const person = found && (await readPerson(db, found));
          if (!found || !person) throw new NoSuchPerson(`There is nobody called ${name}.`);
          // Later than any clock of the stack says: what is newest comes first.
          const endOfTime = new Date(8_640_000_000_000_000 / 2);
          const { items } = await readTimeline(db, { personIds: found.ids, limit: entriesShown, endOfTime });
          return { person, timeline: items };
        });
        const lines = answer.timeline.map((entry) => `${new Date(entry.at).toISOString()}  ${JSON.stringify(entry)}`);
        print(json, answer, [JSON.stringify(answer.person, null, 2), ...lines].join('\n'));
      }),
    );
}
