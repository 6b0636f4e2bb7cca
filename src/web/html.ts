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

export const nothing = new Html('');

/** The colours are those of the pages' application. */
const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  --ground: #f5f6f8; --surface: #fff; --line: #c6ccd6; --ink: #171b24; --ink-2: #59616f; --accent: #3349c9; --on-accent: #fff;
  --good: #17693f; --good-soft: #e0f3e8; }
@media (prefers-color-scheme: dark) { :root { --ground: #0f1218; --surface: #171b23; --line: #465063; --ink: #e9ecf2;
  --ink-2: #a3adbd; --accent: #94a5ff; --on-accent: #10142b; --good: #7bd9a6; --good-soft: #15372a; } }
* { box-sizing: border-box; }
body { margin: 0; padding: clamp(16px, 8vh, 72px) 16px; background: var(--ground); color: var(--ink); overflow-wrap: anywhere; }
main { max-width: 34rem; margin: 0 auto; padding: clamp(20px, 5vw, 36px); background: var(--surface); border-radius: 12px;
  box-shadow: 0 1px 2px #141b2d10, 0 2px 8px #141b2d0a; }
.from { margin: 0 0 20px; font-weight: 600; color: var(--ink-2); }
h1 { margin: 0 0 8px; font-size: 1.5rem; line-height: 1.25; } h2 { margin: 0 0 4px; font-size: 1rem; }
p { margin: 0 0 16px; } main > :last-child, section > :last-child { margin-bottom: 0; }
a { color: var(--accent); text-underline-offset: 2px; } .quiet { color: var(--ink-2); font-size: .9375rem; }
fieldset { margin: 0 0 20px; padding: 0; border: 0; } legend { padding: 0; margin-bottom: 4px; font-weight: 600; }
label { display: flex; gap: 12px; align-items: center; min-height: 44px; padding: 8px 0; cursor: pointer; }
label + label { border-top: 1px solid color-mix(in srgb, var(--line) 50%, transparent); }
input[type=checkbox] { flex: none; width: 20px; height: 20px; margin: 0; accent-color: var(--accent); }
button { min-height: 44px; padding: 8px 20px; font: inherit; font-weight: 600; border: 1px solid var(--accent); border-radius: 8px;
  background: var(--accent); color: var(--on-accent); cursor: pointer; }
button.second { background: none; border-color: var(--line); color: var(--ink); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
section { margin-top: 28px; padding-top: 24px; border-top: 1px solid var(--line); }
.said { padding: 12px 16px; border-radius: 8px; background: var(--good-soft); color: var(--good); }`;

/** @param from the sender's name, where a page speaks for one */
export function page(title: string, body: Html, from?: string): string {
  const of = from === undefined ? '' : ` · ${from}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escapeHtml(title + of)}</title><style>${style}</style></head>
<body><main>${from === undefined ? '' : html`<p class="from">${from}</p>`.text}${body.text}</main></body></html>
`;
}
