/**
 * Shows a message of the ledger again. What was sent is not kept, since it is somebody's data: it is rendered anew from
 * the props in the ledger, and says so. Nothing in it acts: its links lead where they lead, untracked, and none unsubscribes.
 */
import type { Db } from '../db';
import type { JourneyEvent } from '../journey';
import { withoutAddresses } from './address';
import { withLinks } from './html-links';
import type { CompiledMessage } from './load-messages';
import type { PrepareDeps } from './prepare';
import { readSender, senderName } from './sender-address';

export interface Preview {
  subject: string;
  text: string;
  html: string;
  from: string;
  to: string | null;
  note: string;
}

export interface PreviewDeps {
  db: Db;
  messages: ReadonlyMap<string, CompiledMessage>;
  ask: PrepareDeps['ask'];
  /** Without a slash at its end. */
  publicUrl: string;
  from: string;
}

/** Undefined when there is no such send; a reason when it can't be rendered. */
export async function previewSend(
  deps: PreviewDeps,
  sendId: string,
): Promise<Preview | { reason: string } | undefined> {
  const send = await readPreviewed(deps.db, sendId);
  if (!send) return undefined;
  const message = deps.messages.get(send.message);
  if (!message) return { reason: `The message '${send.message}' does not exist any more, so it can't be rendered.` };
  const noWhere = `${deps.publicUrl}/u/preview`;
  try {
    const rendered = await message.render({
      props: send.props,
      data: await loadData(deps, message, send),
      person: send.traits ?? {},
      trigger: send.trigger?.properties ?? {},
      unsubscribeUrl: noWhere,
      preferencesUrl: noWhere,
      publicUrl: deps.publicUrl,
      senderName: senderName(readSender(deps.from)),
    });
    return {
      subject: send.subject ?? rendered.subject,
      text: withoutAddressesTo(noWhere, rendered.text),
      html: withLinks(rendered.html, (url) => (url.startsWith(noWhere) ? '#' : undefined)),
      from: deps.from,
      to: send.address,
      note: noteOn(send.state),
    };
  } catch (error) {
    const what = withoutAddresses(error instanceof Error ? error.message : String(error));
    return { reason: `It can't be rendered from what the ledger holds: ${what}` };
  }
}

/** The text part has each link's address in brackets behind its words. */
function withoutAddressesTo(start: string, text: string): string {
  const within = text.split(/(\s*\[[^[\]]*\])/);
  return within.filter((piece) => !piece.trimStart().startsWith(`[${start}`)).join('');
}

function noteOn(state: string): string {
  const made = 'Rendered now from what the ledger holds and from what is known of the person today';
  return state === 'sent' || state === 'delivered' || state === 'uncertain'
    ? `${made}; the template or the data may have changed since it was sent.`
    : `${made}. It was not sent.`;
}

interface Previewed {
  message: string;
  state: string;
  props: Record<string, unknown>;
  subject: string | null;
  address: string | null;
  personId: string;
  userId: string | null;
  traits: Record<string, unknown> | null;
  trigger: JourneyEvent | null;
}

async function readPreviewed(db: Db, sendId: string): Promise<Previewed | undefined> {
  return db
    .selectFrom('sends')
    .leftJoin('people as asked', 'asked.id', 'sends.person_id')
    .leftJoin('people', (join) =>
      join.on((at) => at('people.id', '=', at.fn.coalesce('asked.merged_into', 'asked.id'))),
    )
    .leftJoin('runs', 'runs.id', 'sends.run_id')
    .select([
      'sends.message',
      'sends.state',
      'sends.props',
      'sends.subject',
      'sends.address',
      'sends.person_id as personId',
      'people.user_id as userId',
      'people.traits',
      'runs.trigger',
    ])
    .where('sends.id', '=', sendId)
    .executeTakeFirst();
}

async function loadData(
  { ask }: PreviewDeps,
  { definition }: CompiledMessage,
  { props, personId, userId, traits, trigger }: Previewed,
) {
  const parsed = definition.props.safeParse(props);
  // Rendering says what is wrong with the props.
  if (!definition.data || !trigger || !parsed.success) return undefined;
  const person = { id: personId, userId: userId ?? undefined, traits: traits ?? {} };
  // The loader was written against this very schema; see `message`.
  return (await definition.data(await ask({ person, trigger }), parsed.data as never)) as Record<string, unknown>;
}
