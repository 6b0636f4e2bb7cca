/**
 * Takes addresses of other sites out of what a browser has said, since all of it may be shown in messages. What is an
 * address is decided by the parser that templates and browsers use (the WHATWG's), and not by how it looks: it skips
 * control characters at the ends and line ends within, and `https:host` and `\\host` lead somewhere too.
 */

/** Of other schemes a mail program follows these, or did; `note: a text` is no address. */
const followed = new Set(
  ['javascript', 'data', 'vbscript', 'mailto', 'tel', 'sms', 'file', 'blob', 'ftp'].map((name) => `${name}:`),
);
/** Resolves addresses without a scheme; one that still has this host is a path of whichever page shows it. */
const nowhere = 'sojourn.invalid';

/** The same without every key and entry, at any depth, that leads to a host that is not allowed. */
export function withoutForeignAddresses(
  properties: Record<string, unknown>,
  allowed: ReadonlySet<string>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => !isForeign(value, allowed))
      .map(([key, value]) => [key, clean(value, allowed)]),
  );
}

function clean(value: unknown, allowed: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.filter((one) => !isForeign(one, allowed)).map((one) => clean(one, allowed));
  if (typeof value !== 'object' || value === null) return value;
  return withoutForeignAddresses(value as Record<string, unknown>, allowed);
}

function isForeign(value: unknown, allowed: ReadonlySet<string>): boolean {
  return typeof value === 'string' && readings(value).some((text) => leadsAway(text, allowed));
}

/** The text as a template's filter reads it, as some mail programs do, and each address that stands within it. */
function readings(value: string): string[] {
  const bare = value.replace(/[\u0000-\u0020\u007f-\u009f]/g, '');
  return [value.trim(), bare, ...(value.match(/https?:\S+/gi) ?? [])];
}

function leadsAway(text: string, allowed: ReadonlySet<string>): boolean {
  // Without a base first: with one, `https:host` would be a path of it.
  const url = parse(text) ?? parse(text, `https://${nowhere}`);
  // Nothing follows what does not parse; but a text that claims to be of the web is not worth the risk.
  if (!url) return /^(https?:|[\\/]{2})/i.test(text);
  if (url.protocol === 'https:' || url.protocol === 'http:') {
    return url.hostname !== nowhere && !allowed.has(url.hostname);
  }
  return followed.has(url.protocol);
}

function parse(text: string, base?: string): URL | undefined {
  return URL.canParse(text, base) ? new URL(text, base) : undefined;
}
