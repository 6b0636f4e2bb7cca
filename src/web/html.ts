/** Plain pages: text is escaped unless it says that it is HTML, and nothing is loaded from elsewhere. */

/** A piece of HTML, told apart from text. */
export class Html {
  constructor(readonly text: string) {}
}

type Piece = string | number | Html | Html[];

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** A template whose values are escaped. */
export function html(texts: TemplateStringsArray, ...pieces: Piece[]): Html {
  const written = pieces.map((piece) =>
    piece instanceof Html
      ? piece.text
      : Array.isArray(piece)
        ? piece.map((part) => part.text).join('')
        : escapeHtml(String(piece)),
  );
  return new Html(texts.reduce((all, text, index) => all + text + (written[index] ?? ''), ''));
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } code { font-size: .95em; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; }
button { font: inherit; padding: .4rem 1rem; } iframe { width: 100%; height: 40rem; border: 1px solid #8884; background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; } .quiet { opacity: .7; }`;

export function page(title: string, body: Html): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${style}</style></head><body>${body.text}</body></html>
`;
}
