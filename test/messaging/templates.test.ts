/** What is wrong with a message stops the start, by name; what a person's data says stays data. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { messages, topics } from '../../messages';
import { loadMessages, message, type CompiledMessage, type Message, type RenderContext } from '../../src/messaging';
import { scratchFolder } from '../support';

const context: RenderContext = {
  props: {},
  person: { name: 'Ada' },
  trigger: {},
  unsubscribeUrl: 'https://shop.example/u/1?a=b&c=d',
  preferencesUrl: 'https://shop.example/u/1?preferences',
  publicUrl: 'https://shop.example',
  senderName: 'Shop',
};

const around = (text: string) =>
  `<mjml><mj-body><mj-section><mj-column><mj-text>${text}</mj-text></mj-column></mj-section></mj-body></mjml>`;

function probe(over: Partial<Message> & { subject?: string }): Message {
  const { subject = 'Hello', ...rest } = over;
  return {
    ...message({
      kind: 'marketing',
      props: z.object({ word: z.string().optional() }),
      email: { subject, template: 'email.mjml' },
      fallbacks: { user_name: 'there' },
      example: { props: { word: 'x' } },
    }),
    ...rest,
  };
}

async function load(
  body: string,
  definition: Partial<Message> & { subject?: string } = {},
  layout?: string,
): Promise<CompiledMessage> {
  const dir = await scratchFolder();
  if (layout !== undefined) {
    await mkdir(join(dir, '_layout'));
    await writeFile(join(dir, '_layout', 'email.mjml'), layout);
  }
  await mkdir(join(dir, 'probe'));
  await writeFile(join(dir, 'probe', 'email.mjml'), body);
  return (await loadMessages(dir, { probe: probe(definition) }, [])).get('probe')!;
}

describe('a mistake in a template is named by the file and the line that somebody wrote', () => {
  const head = '<mjml>\n<mj-body>\n<mj-section><mj-column>\n';
  const foot = '\n</mj-column></mj-section>\n</mj-body>\n</mjml>\n';
  const layout = `${head}<!-- message -->${foot}`;
  const good = '<mj-text>a</mj-text>\n<mj-text>b</mj-text>\n<mj-text>c</mj-text>';
  const own = /messages\/probe\/email\.mjml: .*line[: ]*2\b/s;

  test.each<[string, string, string, RegExp]>([
    ['MJML', good.replace('<mj-text>b</mj-text>', '<mj-txt>b</mj-txt>'), layout, own],
    ['Liquid that does not end', good.replace('b', '{% if word %}b'), layout, own],
    ['a filter', good.replace('b', '{{ word | shout }}'), layout, own],
    ['MJML of a whole document', `<mjml><mj-body>\n<mj-nonsense /></mj-body></mjml>`, layout, own],
    [
      'MJML above the message, in the layout',
      good,
      layout.replace('<mj-body>\n', '<mj-body>\n<mj-txt />'),
      /messages\/_layout\/email\.mjml: .*line 3\b/,
    ],
    [
      'MJML below the message, in the layout',
      good,
      layout.replace('</mj-column></mj-section>', '<mj-txt /></mj-column></mj-section>'),
      /messages\/_layout\/email\.mjml: .*line 5\b/,
    ],
    [
      'Liquid in the layout',
      good,
      layout.replace('<!-- message -->', '<!-- message --><mj-text>{% if word %}</mj-text>'),
      /messages\/_layout\/email\.mjml: .*line: ?4\b/,
    ],
  ])('%s', async (_name, body, around, expected) => {
    const refusal = await load(body, {}, around).then(
      () => 'nothing was refused',
      (error: unknown) => String(error),
    );
    expect(refusal).toMatch(expected);
    expect(refusal).not.toContain(process.cwd());
  });
});

describe('a message is refused at the start', () => {
  test.each<[string, string, Parameters<typeof load>[1], RegExp]>([
    [
      'for a token that its props lack',
      around('{{ colour }}'),
      {},
      /messages\/probe: .*token 'colour'.*props nor its data/,
    ],
    ['for a token in its subject', around('x'), { subject: '{{ colour }}' }, /token 'colour'/],
    ['for a token in a condition', around('{% if colour %}x{% endif %}'), {}, /token 'colour'/],
    ['for a part that is not there', around('{{ trigger.value.deep }}'), {}, /messages\/probe: /],
    [
      'for a trait without a fallback',
      around('{{ person.city }}'),
      { example: { props: {}, person: { city: 'Paris' } } },
      /messages\/probe: .*person\.city.*fallback/s,
    ],
    ['for an optional prop without a default', around('{{ word }}'), {}, /without traits and optional props.*word/s],
    ['for a filter that does not exist', around('{{ word | shout }}'), {}, /messages\/probe.*shout/s],
    ['for Liquid that does not end', around('{% if word %}'), {}, /email\.mjml.*Liquid/],
    ['for a file of another folder', around("{% include '../secret' %}"), {}, /messages\/probe/],
    ['for MJML that is none', '<mjml><mj-body><mj-nonsense /></mj-body></mjml>', {}, /email\.mjml.*MJML.*mj-nonsense/s],
    ['for a fragment without a layout', '<mj-section></mj-section>', {}, /_layout/],
    ['for a topic that does not exist', around('x'), { topic: 'gossip' }, /topic 'gossip'/],
    [
      'for a template elsewhere',
      around('x'),
      { email: { subject: 'x', template: '../email.mjml' } },
      /not in the message's folder/,
    ],
    [
      'for a file that is not there',
      around('x'),
      { email: { subject: 'x', template: 'mail.mjml' } },
      /there is no mail\.mjml/,
    ],
    ['for an example that does not fit', around('x'), { example: { props: { word: 3 } } }, /prop 'word'/],
    ['for data without an example', around('x'), { data: async () => Promise.resolve({}) }, /example has none/],
  ])('%s', async (_, body, definition, error) => {
    await expect(load(body, definition)).rejects.toThrow(error);
    await expect(load(body, definition)).rejects.toMatchObject({ code: 'content_error' });
  });
});

describe('what a value says stays a value', () => {
  const evil = '<script>alert(1)</script><mj-text>{{ user_name }}{% if true %}"';

  test('in the body', async () => {
    const probe = await load(around('{{ word | default: "" }} {{ user_name }}'));
    const { html, text } = await probe.render({ ...context, props: { word: evil }, person: { name: evil } });
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('<mj-text>');
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain('{{ user_name }}');
    expect(text).toContain(evil);
  });

  test('in an attribute, and in an address', async () => {
    const body = around('<a title="{{ word | default: \'\' }}" href="{{ word | default: \'\' }}">x</a>');
    const probe = await load(body);
    const quoted = await probe.render({ ...context, props: { word: '" onclick="x' } });
    expect(quoted.html).not.toContain('" onclick="');
    const script = await probe.render({ ...context, props: { word: 'javascript:alert(1)' } });
    expect(script.html).toContain('href="#"');
    expect(script.links).toEqual([]);
    const web = await probe.render({ ...context, props: { word: 'https://a.example/?a=1&b=2' } });
    expect(web.links).toEqual(['https://a.example/?a=1&b=2']);
  });

  test('in the subject, on one line', async () => {
    const probe = await load(around('x'), { subject: 'Hi {{ user_name }}' });
    const { subject } = await probe.render({ ...context, person: { name: 'A&B\r\nBcc: eve@example.com\u2028x' } });
    expect(subject).toBe('Hi A&B Bcc: eve@example.com x');
  });
});

test('a template that runs for ever is stopped', async () => {
  const body = around("{% if word == 'run' %}{% for i in (1..100000000) %}{{ i }}{% endfor %}{% endif %}");
  const probe = await load(body);
  await expect(probe.render({ ...context, props: { word: 'run' } })).rejects.toMatchObject({
    code: 'permanent_send_error',
  });
});

describe('the messages that ship', () => {
  let loaded: Map<string, CompiledMessage>;
  beforeAll(async () => {
    loaded = await loadMessages('messages', messages, topics);
  });

  test.each(Object.keys(messages))('%s renders for a person without a name', async (id) => {
    const { definition, render } = loaded.get(id)!;
    const data = definition.example.data as Record<string, unknown> | undefined;
    const mail = await render({ ...context, person: {}, props: definition.example.props, data });
    expect(mail.html).toMatch(/^<!doctype html>/i);
    expect(mail.html).not.toMatch(/\{\{|\{%|undefined|NaN/);
    expect(mail.text).not.toMatch(/<\/?(div|td|p|a|style)\b|\{\{|&[a-z]+;/);
    expect(mail.text).toContain('https://shop.example/u/1?a=b&c=d');
    expect(mail.links).toContain('https://shop.example/u/1?a=b&c=d');
    expect(mail.html.length).toBeLessThan(100_000);
  });

  test('the cart reminder shows items, images and prices, and the offer only to whom it is made', async () => {
    const { definition, render } = loaded.get('cart-reminder')!;
    const data = definition.example.data as Record<string, unknown>;
    const none = await render({ ...context, data, props: { offer: 'none' } });
    expect(none.subject).toBe('Ada, your cart is waiting');
    expect(none.html).toContain('src="https://example.com/images/desk.jpg"');
    expect(none.html).toContain('Standing desk &lt;oak&gt;');
    expect(none.text).toContain('€349.00');
    expect(none.text).not.toContain('TENPERCENT');
    const ten = await render({ ...context, data, props: { offer: 'ten-percent' } });
    expect(ten.subject).toContain('10% off');
    expect(ten.text).toContain('€358.20');
    await expect(render({ ...context, data, props: { offer: 'half' } })).rejects.toThrow(/prop 'offer'/);
  });

  test.each(['cart-reminder', 'cart-last-call'])('%s can do with an empty cart, and without a currency', async (id) => {
    const { render } = loaded.get(id)!;
    const mail = await render({
      ...context,
      data: { cart: { items: [], value: 80, count: 1 } },
      props: { offer: 'ten-percent' },
    });
    expect(mail.text).toContain('$72.00');
  });

  test.each(['cart-reminder', 'cart-last-call'])('%s gives an item without an image the whole width', async (id) => {
    const { render } = loaded.get(id)!;
    const item = (name: string, image_url?: string) => ({
      item_id: name,
      item_name: name,
      price: 1,
      quantity: 1,
      image_url,
    });
    const { html } = await render({
      ...context,
      data: { cart: { items: [item('Pictured', 'https://i.example/1'), item('Plain')], value: 2, count: 2 } },
      props: { offer: 'none' },
    });
    const columnOf = (name: string) =>
      /mj-column-per-\d+/.exec(html.slice(html.lastIndexOf('mj-column-per-', html.indexOf(`>${name}<`))))?.[0];
    expect([columnOf('Pictured'), columnOf('Plain')]).toEqual(['mj-column-per-70', 'mj-column-per-100']);
  });

  test('addresses in a cart reach nobody unless they are of the web', async () => {
    const { render } = loaded.get('cart-reminder')!;
    const item = { item_id: 'x', item_name: 'X', price: 1, quantity: 1 };
    const cart = {
      items: [{ ...item, url: 'javascript:alert(1)', image_url: 'data:text/html,x' }],
      value: 1,
      count: 1,
    };
    const { html } = await render({ ...context, data: { cart }, props: { offer: 'none' } });
    expect(html).not.toMatch(/javascript:|data:text/);
  });
});
