/**
 * Compiles what stands in `messages/` and proves each message by its example, so that a token that nothing fills stops
 * the start, by name, and not a send months later.
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ContentError } from '../errors';
import { parseLiquid, type LiquidTemplate } from './liquid';
import type { Message, Messages } from './message';
import { compileMjml, MjmlError } from './mjml';
import { builtInTokens, renderMessage, type RenderContext, type Rendered } from './render';
import type { Topic } from './topics';

const layoutFile = 'messages/_layout/email.mjml';

export interface CompiledMessage {
  id: string;
  definition: Message;
  topic?: Topic;
  render(context: RenderContext): Promise<Rendered>;
}

const exampleSender = {
  unsubscribeUrl: 'https://example.com/u/example',
  preferencesUrl: 'https://example.com/u/example',
  publicUrl: 'https://example.com',
  senderName: 'Example',
};

/**
 * @param dir the folder `messages/`, with one folder a message and `_layout/`
 * @throws ContentError what is wrong with which message
 */
export async function loadMessages(
  dir: string,
  definitions: Messages,
  topics: Topic[],
): Promise<Map<string, CompiledMessage>> {
  const layout = await readFile(join(dir, '_layout', 'email.mjml'), 'utf8').catch(() => undefined);
  const compiled = new Map<string, CompiledMessage>();
  for (const [id, definition] of Object.entries(definitions)) {
    compiled.set(id, await compile(dir, id, definition, layout, topics));
  }
  return compiled;
}

async function compile(
  dir: string,
  id: string,
  definition: Message,
  layout: string | undefined,
  topics: Topic[],
): Promise<CompiledMessage> {
  const where = `messages/${id}`;
  const topic = topics.find((known) => known.id === definition.topic);
  if (definition.topic !== undefined && !topic) {
    throw new ContentError(where, `topic '${definition.topic}' does not exist`, 'Add it to messages/topics.ts.');
  }
  const { template, subject, preheader = '' } = definition.email;
  if (basename(template) !== template) {
    throw new ContentError(
      where,
      `template '${template}' is not in the message's folder`,
      'Name a file beside message.ts.',
    );
  }
  const source = await readFile(join(dir, id, template), 'utf8').catch(() => {
    throw new ContentError(where, `there is no ${template}`, 'A message is a folder of messages/ named by its id.');
  });
  const html = await compileMjml(source, layout).catch((error: unknown) => {
    const file = error instanceof MjmlError && error.inLayout ? layoutFile : `${where}/${template}`;
    throw new ContentError(file, `this is not good MJML: ${textOf(error)}`, 'See documentation.mjml.io.');
  });
  const templates = {
    subject: parse(subject, 'plain', `${where}/message.ts`),
    preheader: parse(preheader, 'plain', `${where}/message.ts`),
    html: parseHtml(html, [
      [`${where}/${template}`, source],
      [layoutFile, layout],
    ]),
  };
  const message: CompiledMessage = {
    id,
    definition,
    topic,
    render: async (context) => renderMessage(id, definition, templates, context),
  };
  checkTokens(where, definition, Object.values(templates));
  await checkExample(where, message);
  return message;
}

function parse(text: string, mode: 'html' | 'plain', file: string): LiquidTemplate {
  try {
    return parseLiquid(text, mode);
  } catch (error) {
    throw new ContentError(file, `this is not good Liquid: ${textOf(error)}`, 'See liquidjs.com.');
  }
}

/** Lines of the HTML are nobody's: what is wrong with it is looked for in the files that it was made of. */
function parseHtml(html: string, files: [file: string, text: string | undefined][]): LiquidTemplate {
  try {
    return parseLiquid(html, 'html');
  } catch (error) {
    for (const [file, text] of files) if (text !== undefined) parse(text, 'html', file);
    const [[file]] = files as [[string, string]];
    throw new ContentError(file, `this is not good Liquid once it is HTML: ${textOf(error)}`, 'See liquidjs.com.');
  }
}

/** Every token must come from the props, the loader's data, a fallback or what all messages have. */
function checkTokens(where: string, definition: Message, templates: LiquidTemplate[]): void {
  const { props, data } = definition.example;
  const known = new Set<string>([
    ...builtInTokens,
    ...Object.keys(schemaShape(definition) ?? props ?? {}),
    ...Object.keys(data ?? {}),
    ...Object.keys(definition.fallbacks).map((path) => path.split('.')[0] ?? ''),
  ]);
  const unknown = templates.flatMap(({ tokens }) => tokens).find(([first]) => first !== undefined && !known.has(first));
  if (!unknown) return;
  throw new ContentError(
    where,
    `its template uses the token '${unknown.join('.')}', which neither its props nor its data have`,
    `Add '${unknown[0]}' to props (or data) in message.ts, or correct the template. It has: ${[...known].sort().join(', ')}.`,
  );
}

/** The example must come out whole, also with no more than must be there: of the props, and of the person. */
async function checkExample(where: string, message: CompiledMessage): Promise<void> {
  const { props, data, person = {}, trigger = {} } = message.definition.example;
  if (message.definition.data && data === undefined) {
    throw new ContentError(where, 'it loads data, but its example has none', 'Add data to example in message.ts.');
  }
  const context = { data: data as Record<string, unknown> | undefined, ...exampleSender };
  const full = { name: 'Ada Lovelace', email: 'ada@example.com', ...person };
  await message.render({ ...context, props, person: full, trigger }).catch((error: unknown) => {
    throw new ContentError(
      where,
      `its example can't be rendered: ${textOf(error)}`,
      'Correct the template or example.',
    );
  });
  const least = { ...context, props: withoutOptional(message.definition, props), person: {}, trigger: {} };
  await message.render(least).catch((error: unknown) => {
    throw new ContentError(
      where,
      `it can't be rendered without traits and optional props: ${textOf(error)}`,
      "Give the token a fallback in message.ts, or say `| default: '…'` in the template.",
    );
  });
}

function withoutOptional(definition: Message, props: unknown): unknown {
  if (typeof props !== 'object' || props === null) return props;
  const kept: Record<string, unknown> = { ...props };
  for (const name of Object.keys(kept)) {
    const { [name]: _left, ...others } = kept;
    if (definition.props.safeParse(others).success) delete kept[name];
  }
  return kept;
}

/** The names in a schema that is an object: also the optional ones, which an example may leave out. */
function schemaShape(definition: Message): object | undefined {
  const shape: unknown = Reflect.get(definition.props, 'shape');
  return typeof shape === 'object' && shape !== null ? shape : undefined;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
