/** A mail's HTML for a frame of the pages. It is somebody's data: the frame may do nothing. */
import type { ServerResponse } from 'node:http';

/** Pictures of a mail come from anywhere, and styles stand in it; scripts, forms and frames do nothing. */
const policy =
  "default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; font-src https:; sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'";

/** Links open in a tab of their own: most pages refuse to be shown in a frame. */
function inTabs(html: string): string {
  const base = '<base target="_blank">';
  return /<head(\s[^>]*)?>/i.test(html) ? html.replace(/<head(\s[^>]*)?>/i, (head) => head + base) : base + html;
}

export function sendMailHtml(res: ServerResponse, mail: string): void {
  const html = inTabs(mail);
  res.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  res.end(html);
}
