import { Command, Option } from 'commander';
import { loadClock } from '../clock';
import { SojournError } from '../errors';
import { createKeys, type KeyKind, type KeyStore } from '../http';
import { print, run, withJson, withStore } from './output';

class NoSuchKey extends SojournError {
  readonly code = 'no_such_key';
}

/** As the log of changes has it: who may use the store needs no key. */
const commandLine = { id: 'command', name: 'sojourn keys' };

const kinds: KeyKind[] = ['browser', 'server', 'secret'];

function withKeys<T>(work: (keys: KeyStore) => Promise<T>): Promise<T> {
  return withStore(async (db) => work(createKeys({ db, clock: await loadClock(db) })));
}

export function keysCommand(): Command {
  const keys = new Command('keys').description('API keys: list, create, rotate, revoke');
  keys.addCommand(
    withJson(new Command('list').description('the keys, without the keys themselves'), 'sojourn keys list').action(
      run(async ({ json }: { json?: boolean }) => {
        const found = await withKeys((store) => store.list());
        const lines = found.map(
          (key) => `${key.id}  ${key.kind.padEnd(7)}  ${key.revokedAt ? 'revoked' : 'valid  '}  ${key.name}`,
        );
        print(json, found, lines.join('\n') || 'There are none.');
      }),
    ),
  );
  keys.addCommand(
    withJson(
      new Command('create').description('makes a key and shows it once'),
      'sojourn keys create --kind server "Shop"',
    )
      .argument('<name>', 'what it is for')
      .addOption(new Option('--kind <kind>', 'what it may do').choices(kinds).makeOptionMandatory())
      .action(
        run(async (name: string, { kind, json }: { kind: KeyKind; json?: boolean }) => {
          const made = await withKeys((store) => store.create({ kind, name }, commandLine));
          print(json, made, `${made.key}\n(${made.id}; it is not shown again)`);
        }),
      ),
  );
  keys.addCommand(
    withJson(new Command('rotate').description('a new key beside an old one'), 'sojourn keys rotate key_0123456789ab')
      .argument('<id>')
      .action(
        run(async (id: string, { json }: { json?: boolean }) => {
          const made = await withKeys((store) => store.rotate(id, commandLine));
          if (!made) throw new NoSuchKey(`There is no key ${id}. See: sojourn keys list`);
          print(json, made, `${made.key}\n(${made.id}; revoke ${id} when nobody uses it any more)`);
        }),
      ),
  );
  keys.addCommand(
    withJson(new Command('revoke').description('ends a key within 10 seconds'), 'sojourn keys revoke key_0123456789ab')
      .argument('<id>')
      .action(
        run(async (id: string, { json }: { json?: boolean }) => {
          const revoked = await withKeys((store) => store.revoke(id, commandLine));
          if (!revoked) throw new NoSuchKey(`There is no valid key ${id}. See: sojourn keys list`);
          print(json, { revoked: id }, `Revoked ${id}.`);
        }),
      ),
  );
  return keys;
}
