/**
 * The addresses in a rendered message: which of them are safe to put before people, and how links are led through
 * click tracking. Works on the HTML that MJML has made, where attributes stand in double quotes.
 */

const attribute = /(\s(?:href|src|background)=")([^"]*)(")/gi;
const anchor = /(<a\b[^>]*?\shref=")([^"]*)(")/gi;

/** Takes out every address that is not of the web, a mail address or a phone number: `javascript:`, `data:` and the like. */
export function withoutUnsafeAddresses(html: string): string {
  return html.replace(attribute, (whole, before: string, value: string, after: string) =>
    isSafe(unescapeHtml(value)) ? whole : `${before}#${after}`,
  );
}

/** Every different web address that the message's links lead to, in order. */
export function linksOf(html: string): string[] {
  const found = [...html.matchAll(anchor)].map((match) => unescapeHtml(match[2] ?? ''));
  return [...new Set(found.filter((url) => /^https?:/i.test(url)))];
}

/** Leads links elsewhere; one for which `leadTo` answers nothing stays. */
export function withLinks(html: string, leadTo: (url: string) => string | undefined): string {
  return html.replace(anchor, (whole, before: string, value: string, after: string) => {
    const target = leadTo(unescapeHtml(value));
    return target === undefined ? whole : `${before}${escapeHtml(target)}${after}`;
  });
}

function isSafe(address: string): boolean {
  // Browsers skip blanks and control characters before and within a scheme.
  const bare = address.replace(/[\u0000-\u0020\u007f-\u009f]/g, '');
  return bare === '' || bare.startsWith('#') || /^(https?:\/\/|mailto:|tel:)/i.test(bare);
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    const code = decimal ? Number(decimal) : hex ? parseInt(hex, 16) : undefined;
    if (code !== undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : '';
    return entities[(name ?? '').toLowerCase()] ?? whole;
  });
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
