/** Renders a compiled message for one person. What can't be rendered now can't be later: errors are permanent. */
import type { z } from 'zod';
import { cutBetweenCharacters } from '../journey';
import { PermanentSendError } from './errors';
import { withoutUnsafeAddresses, linksOf } from './html-links';
import type { LiquidTemplate } from './liquid';
import type { Message } from './message';
import { textOf } from './text-part';

/** What a message is rendered with. Times and choices are made before. */
export interface RenderContext {
  props: unknown;
  /** What the message's own loader has read. */
  data?: Record<string, unknown>;
  person: Record<string, unknown>;
  trigger: Record<string, unknown>;
  unsubscribeUrl: string;
  preferencesUrl: string;
  publicUrl: string;
  /** Who writes, as people know it. */
  senderName: string;
}

export interface Rendered {
  subject: string;
  html: string;
  text: string;
  /** The web addresses that its links lead to, each once. */
  links: string[];
}

export interface Templates {
  subject: LiquidTemplate;
  preheader: LiquidTemplate;
  html: LiquidTemplate;
}

/** Tokens that every message has. */
export const builtInTokens = [
  'user_name',
  'person',
  'trigger',
  'unsubscribe_url',
  'preferences_url',
  'public_url',
  'sender_name',
  'subject',
  'preheader',
] as const;

const longestSubject = 300;

/** Throws `PermanentSendError` with what is wrong; the loader's data must be there if the message has a loader. */
export function renderMessage(id: string, definition: Message, templates: Templates, context: RenderContext): Rendered {
  const props = definition.props.safeParse(context.props);
  if (!props.success) throw new PermanentSendError(wrongProps(id, props.error));
  const scope: Record<string, unknown> = {
    ...asRecord(props.data),
    ...context.data,
    trigger: context.trigger,
    person: { ...context.person },
    user_name: nameOf(context.person),
    unsubscribe_url: context.unsubscribeUrl,
    preferences_url: context.preferencesUrl,
    public_url: context.publicUrl,
    sender_name: context.senderName,
  };
  for (const [path, words] of Object.entries(definition.fallbacks)) fallBack(scope, path.split('.'), words);
  try {
    scope.subject = cutBetweenCharacters(oneLine(templates.subject.render(scope)), longestSubject);
    scope.preheader = oneLine(templates.preheader.render(scope));
    const html = withoutUnsafeAddresses(templates.html.render(scope));
    return { subject: String(scope.subject), html, text: textOf(html), links: linksOf(html) };
  } catch (error) {
    throw new PermanentSendError(`${id}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What is wrong with the props of a message, in the ledger's words. */
export function wrongProps(id: string, { issues: [issue] }: z.ZodError): string {
  return `${id}: prop '${issue?.path.join('.')}' does not fit: ${issue?.message}`;
}

/** `name`, or `first_name` as trackers spell it; nothing if there is none. */
function nameOf(traits: Record<string, unknown>): string | undefined {
  for (const trait of ['first_name', 'firstName', 'name']) {
    const value = traits[trait];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return undefined;
}

/** Says `words` where the path leads to nothing. */
function fallBack(scope: Record<string, unknown>, path: string[], words: string): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  const value = scope[first];
  if (rest.length > 0) {
    const inner = { ...asRecord(value) };
    fallBack(inner, rest, words);
    scope[first] = inner;
  } else if (value === undefined || value === null || value === '') {
    scope[first] = words;
  }
}

/** A header field is one line: nothing that a value says can begin another (RFC 5322). */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
