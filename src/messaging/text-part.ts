/** The text part of a mail, made from its HTML: what people read who see no HTML, and what filters compare it with. */
import { compile } from 'html-to-text';

// Made once: putting the selectors together takes longer than using them.
const convert = compile({
  wordwrap: 78,
  selectors: [
    { selector: 'img', format: 'skip' },
    { selector: 'style', format: 'skip' },
    { selector: 'title', format: 'skip' },
    // The preheader is hidden; it repeats what the mail says.
    { selector: 'div.preheader', format: 'skip' },
    { selector: 'h1', options: { uppercase: false } },
    { selector: 'h2', options: { uppercase: false } },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, noAnchorUrl: true } },
  ],
});

export function textOf(html: string): string {
  const text = convert(bodyOf(html));
  const tidy = text
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return `${tidy}\n`;
}

/** Without the head, whose styles are most of a mail and none of its text. */
function bodyOf(html: string): string {
  const at = html.indexOf('<body');
  return at < 0 ? html : html.slice(at);
}
