/**
 * MJML to HTML, once, when a message is loaded. The Liquid in it stays as it is and is rendered for each send: what a
 * value says can't become a tag of MJML, and a send costs no compilation.
 */

/** Where a layout takes the message in. */
const place = '<!-- message -->';

/** What is wrong with MJML, and where: in the message's own file, or in the layout round it. */
export class MjmlError extends Error {
  constructor(
    message: string,
    readonly inLayout = false,
  ) {
    super(message);
  }
}

/**
 * Puts a message that is not a whole document into the layout, and compiles it. Includes are not followed.
 * @throws MjmlError which line of which of the two files is wrong
 */
export async function compileMjml(source: string, layout: string | undefined): Promise<string> {
  const whole = /<mjml[\s>]/i.test(source);
  const document = whole ? source : wrap(source, layout);
  // MJML takes a third of a second to load, which tests of journeys need not pay.
  const { default: mjml2html } = await import('mjml');
  const { html, errors } = await mjml2html(document, {
    validationLevel: 'soft',
    ignoreIncludes: true,
    fonts: {},
    keepComments: false,
  });
  const [first] = errors;
  if (first) {
    const { line, inLayout } = whole ? { line: first.line, inLayout: false } : lineOf(first.line, source, layout!);
    throw new MjmlError(`line ${line}: <${first.tagName}>: ${first.message}`, inLayout);
  }
  return html.replace(/[ \t]*\n\s*/g, '\n');
}

/** A line of the document that MJML saw, as a line of the file that somebody wrote. */
function lineOf(line: number, source: string, layout: string): { line: number; inLayout: boolean } {
  const before = layout.slice(0, layout.indexOf(place)).split('\n').length - 1;
  const taken = source.split('\n').length;
  if (line <= before) return { line, inLayout: true };
  if (line <= before + taken) return { line: line - before, inLayout: false };
  return { line: line - taken + 1, inLayout: true };
}

function wrap(source: string, layout: string | undefined): string {
  if (layout === undefined) {
    throw new MjmlError('it is not a whole <mjml> document, and there is no _layout/email.mjml');
  }
  if (!layout.includes(place)) throw new MjmlError(`it has no ${place}`, true);
  return layout.replace(place, () => source);
}
