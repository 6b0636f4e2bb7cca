/**
 * What the demo's shop itself remembers: its customers and its browser key, in one file of the data folder. A shop of
 * its own would have a database for it.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const account = z.object({ userId: z.string(), name: z.string(), email: z.string() });
const file = z.object({
  browserKey: z.object({ id: z.string(), key: z.string() }).optional(),
  accounts: z.array(account),
});

export type Account = z.output<typeof account>;
type Kept = z.output<typeof file>;

/** The oldest are forgotten first. */
const mostAccounts = 1_000;

export interface Accounts {
  browserKey(): Kept['browserKey'];
  keepBrowserKey(key: { id: string; key: string }): Promise<void>;
  byUserId(userId: string): Account | undefined;
  /** The first of these names whose first name at example.com has no account, or a numbered one. */
  unused(names: string[]): { name: string; email: string };
  /** The account of this address, made if there is none. */
  open(who: { name: string; email: string }): Promise<{ account: Account; returning: boolean }>;
}

/** A file that can't be read counts as none: nothing in it can't be made again. */
export async function openAccounts(path: string): Promise<Accounts> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  let kept: Kept = parse(text) ?? { accounts: [] };
  let writing: Promise<void> = Promise.resolve();

  function keep(next: Kept): Promise<void> {
    kept = next;
    const written = JSON.stringify(next);
    const turn = writing.then(async () => {
      await writeFile(`${path}.half`, written, { mode: 0o600 });
      await rename(`${path}.half`, path);
    });
    writing = turn.catch(() => undefined);
    return turn;
  }

  return {
    browserKey: () => kept.browserKey,
    keepBrowserKey: (browserKey) => keep({ ...kept, browserKey }),
    byUserId: (userId) => kept.accounts.find((one) => one.userId === userId),
    unused(names) {
      const taken = new Set(kept.accounts.map(({ email }) => email.toLowerCase()));
      for (let round = 1; ; round++) {
        for (const name of names) {
          const email = `${name.split(' ')[0]!.toLowerCase()}${round === 1 ? '' : round}@example.com`;
          if (!taken.has(email)) return { name, email };
        }
      }
    },
    async open({ name, email }) {
      const known = kept.accounts.find((one) => one.email.toLowerCase() === email.toLowerCase());
      if (known) return { account: known, returning: true };
      const made = { userId: userIdFor(name), name, email };
      await keep({ ...kept, accounts: [...kept.accounts, made].slice(-mostAccounts) });
      return { account: made, returning: false };
    },
  };
}

function parse(text: string): Kept | undefined {
  try {
    return file.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** `ada-lovelace-3f9c01`: tells people apart on the pages, and holds no address. */
function userIdFor(name: string): string {
  const plain = name.normalize('NFKD').toLowerCase();
  const words = plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  return `${words.slice(0, 40) || 'visitor'}-${randomBytes(3).toString('hex')}`;
}

function tokenOf(signingKey: string, userId: string): string {
  return createHmac('sha256', signingKey).update(`demo-shop-session:${userId}`).digest('base64url');
}

/** The value of a session's cookie: who, and the proof that it was us who said so. */
export function sessionCookie(signingKey: string, userId: string): string {
  return `${userId}.${tokenOf(signingKey, userId)}`;
}

/** The user that a cookie names, if it is one of ours. */
export function readSessionCookie(signingKey: string, value: string): string | undefined {
  const dot = value.lastIndexOf('.');
  const userId = value.slice(0, Math.max(dot, 0));
  const given = Buffer.from(value.slice(dot + 1));
  const right = Buffer.from(tokenOf(signingKey, userId));
  return given.length === right.length && timingSafeEqual(given, right) ? userId : undefined;
}
