/** Makes what a send would put out: loads the message's data, renders it, leads its links here. */
import type { CheckContext } from '../behaviour';
import type { SendRequest } from '../journey';
import { RetryLater, SojournError } from '../errors';
import { withoutAddresses } from './address';
import type { Recipient } from './background';
import { PermanentSendError } from './errors';
import { withLinks } from './html-links';
import type { CompiledMessage } from './load-messages';
import { promiseIn } from './promised';
import { everyTopic } from './topics';
import type { Signer } from './tokens';

export interface Prepared {
  subject: string;
  html: string;
  text: string;
  /** Where the tracked links lead, by position. */
  links: string[];
  headers: Record<string, string>;
}

export interface PrepareDeps {
  signer: Signer;
  publicUrl: string;
  senderName: string;
  /** What the loaders of messages may ask. */
  ask: (about: Recipient) => CheckContext | Promise<CheckContext>;
}

/**
 * Undefined when there is nobody to send to. Throws `PermanentSendError` for what can't be rendered, now or later, and
 * `RetryLater` when the message's own data could not be had.
 */
export async function prepare(
  deps: PrepareDeps,
  {
    recipient,
    request,
    sendId,
    message,
  }: { recipient: Recipient | undefined; request: SendRequest; sendId: string; message: CompiledMessage },
): Promise<Prepared | undefined> {
  const { signer, publicUrl } = deps;
  if (!recipient) return undefined;
  const { person, trigger } = recipient;
  const topic = message.topic?.id ?? everyTopic;
  const unsubscribeUrl = `${publicUrl}/u/${signer.unsubscribe({ personId: person.id, topic, sendId })}`;
  const rendered = await message.render({
    props: request.props,
    data: await load(deps, message, request, recipient),
    person: person.traits,
    trigger: trigger.properties,
    unsubscribeUrl,
    preferencesUrl: `${unsubscribeUrl}?preferences`,
    publicUrl,
    senderName: deps.senderName,
  });
  const links = rendered.links.filter((url) => !url.startsWith(`${publicUrl}/u/`));
  const html = withLinks(rendered.html, (url) => {
    const position = links.indexOf(url);
    return position < 0 ? undefined : `${publicUrl}/t/${signer.click({ sendId, position })}`;
  });
  const { subject, text } = rendered;
  return { subject, text, html, links, headers: headersOf(message, unsubscribeUrl) };
}

/** One click on the mail program's own button unsubscribes (RFC 2369, RFC 8058). */
function headersOf({ definition }: CompiledMessage, unsubscribeUrl: string): Record<string, string> {
  // RFC 3834: no out-of-office answers to what no human wrote.
  const automatic = { 'Auto-Submitted': 'auto-generated' };
  if (definition.kind === 'transactional') return automatic;
  return {
    ...automatic,
    'List-Unsubscribe': `<${unsubscribeUrl}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    Precedence: 'bulk',
  };
}

async function load(
  { ask }: PrepareDeps,
  message: CompiledMessage,
  request: SendRequest,
  about: Recipient,
): Promise<Record<string, unknown> | undefined> {
  const { data, props } = message.definition;
  const parsed = props.safeParse(request.props);
  // Rendering says what is wrong with the props.
  if (!data || !parsed.success) return undefined;
  try {
    // The loader was written against this very schema; see `message`.
    const loaded = (await data(await ask(about), parsed.data as never)) as Record<string, unknown>;
    const promised = promiseIn(loaded);
    if (promised !== undefined) throw new Error(`'${promised}' is a promise: await it in the loader`);
    return loaded;
  } catch (error) {
    if (error instanceof PermanentSendError || error instanceof RetryLater) throw error;
    const what = error instanceof SojournError || error instanceof Error ? error.message : String(error);
    throw new RetryLater(`${message.id}: its data could not be loaded: ${withoutAddresses(what)}`);
  }
}
