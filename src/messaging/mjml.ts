/**
 * MJML to HTML, once, when a message is loaded. The Liquid in it stays as it is and is rendered for each send: what a
 * value says can't become a tag of MJML, and a send costs no compilation.
 */

/** Where a layout takes the message in. */
const place = '<!-- message -->';

/**
 * Puts a message that is not a whole document into the layout, and compiles it.
 * Throws an Error that says which line is wrong. Includes are not followed.
 */
export async function compileMjml(source: string, layout: string | undefined): Promise<string> {
  const document = /<mjml[\s>]/i.test(source) ? source : wrap(source, layout);
  // MJML takes a third of a second to load, which tests of journeys need not pay.
  const { default: mjml2html } = await import('mjml');
  const { html, errors } = await mjml2html(document, {
    validationLevel: 'strict',
    ignoreIncludes: true,
    fonts: {},
    keepComments: false,
  });
  const [first] = errors;
  if (first) throw new Error(first.formattedMessage || first.message);
  return html.replace(/[ \t]*\n\s*/g, '\n');
}

function wrap(source: string, layout: string | undefined): string {
  if (layout === undefined) throw new Error('it is not a whole <mjml> document, and there is no _layout/email.mjml');
  if (!layout.includes(place)) throw new Error(`_layout/email.mjml has no ${place}`);
  return layout.replace(place, () => source);
}
