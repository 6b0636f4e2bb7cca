import { Command } from 'commander';
import { migrate } from '../db';
import { print, run, withJson, withNamedStore } from './output';

export function migrateCommand(): Command {
  return withJson(
    new Command('migrate').description('brings the store to the shape that this version needs'),
    'DATABASE_URL=postgres://… sojourn migrate',
  ).action(
    run(async ({ json }: { json?: boolean }) => {
      const applied = await withNamedStore((db) => migrate(db, Date.now()));
      print(json, { applied }, applied.length === 0 ? 'Nothing to do.' : `Applied: ${applied.join(', ')}`);
    }),
  );
}
