/**
 * What a message is, as its author writes it in `messages/<id>/message.ts`: what it needs, whom it may reach, and how
 * it looks in each channel. Checked as a whole, by its example, when messages are loaded.
 */
import type { z } from 'zod';
import type { CheckContext } from '../behaviour';

export type MessageKind = 'marketing' | 'transactional';

/** What happens when nobody knows whether an attempt reached the provider: leave it, or send it once more. */
export type OnUncertain = 'hold' | 'resend';

export interface EmailTemplate {
  /** Liquid, on one line. */
  subject: string;
  /** Liquid; what mail programs show beside the subject. */
  preheader?: string;
  /** The MJML file beside message.ts: a whole document, or what stands between the shared header and footer. */
  template: string;
}

export interface Message<Props = unknown, Data = unknown> {
  kind: MessageKind;
  /** What people can be asked about; without one, only the choice about all marketing counts. */
  topic?: string;
  onUncertain: OnUncertain;
  /** Whether it counts against, and is held back by, the cap per person and day. */
  capped: boolean;
  /** The same person gets this message at most once in that time, of the stack's milliseconds. */
  cooldownMs?: number;
  priority: 'normal' | 'high';
  props: z.ZodType<unknown, Props>;
  /** Takes what the schema makes of the props; `never` here, so that every message is a `Message<unknown>`. */
  data?: (ask: CheckContext, props: never) => Promise<Data>;
  email: EmailTemplate;
  /** What a token says when there is nothing to say: `{ user_name: 'there', 'person.city': 'your city' }`. */
  fallbacks: Record<string, string>;
  example: MessageExample<Props, Data>;
}

export interface MessageExample<Props, Data> {
  props: Props;
  data?: Data;
  /** Traits. */
  person?: Record<string, unknown>;
  /** Properties of the event that started the run. */
  trigger?: Record<string, unknown>;
}

interface Options<P extends z.ZodType<unknown>, D extends Record<string, unknown>> {
  kind: MessageKind;
  topic?: string;
  onUncertain?: OnUncertain;
  capped?: boolean;
  cooldownMs?: number;
  priority?: 'normal' | 'high';
  props: P;
  /** What the template needs beyond its props, read when the message is sent. */
  data?: (ask: CheckContext, props: z.output<P>) => Promise<D>;
  email: EmailTemplate;
  fallbacks?: Record<string, string>;
  example: MessageExample<z.input<P>, D>;
}

/**
 * Defines a message. Marketing counts against the caps and is left alone when uncertain; transactional mail ignores
 * caps and consent, and is sent again when uncertain, unless the definition says otherwise.
 *
 * @example
 * export default message({
 *   kind: 'marketing', topic: 'offers', props: z.object({ percent: z.number() }),
 *   email: { subject: '{{ percent }} % for you, {{ user_name }}', template: 'email.mjml' },
 *   fallbacks: { user_name: 'friend' }, example: { props: { percent: 10 } },
 * });
 */
export function message<P extends z.ZodType<unknown>, D extends Record<string, unknown> = Record<string, never>>(
  options: Options<P, D>,
): Message<z.input<P>, D> {
  const marketing = options.kind === 'marketing';
  return {
    onUncertain: marketing ? 'hold' : 'resend',
    capped: marketing,
    priority: 'normal',
    fallbacks: {},
    ...options,
    // The compiler can't see that P's input is P's input.
    props: options.props as unknown as z.ZodType<unknown, z.input<P>>,
  };
}

/** Messages by id, of whatever props: what `messages/index.ts` exports. */
export type Messages = Record<string, Message>;

/** From a message's id to the props that `j.send` asks for. */
export type MessagesOf<M> = {
  [Id in keyof M & string]: M[Id] extends Message<infer Props, infer _Data> ? Props : never;
};
