/** The inbox of development as pages. A mail's HTML is somebody's data: it is shown in a frame that may do nothing. */
import { html, page } from './html';

export interface ShownMail {
  id: number;
  /** Wall milliseconds. */
  at: number;
  from: string;
  to: string[];
  subject: string;
  text: string;
  html: string;
}

const time = (at: number) => new Date(at).toISOString().replace('T', ' ').slice(0, 19);

export function inboxPage(mails: ShownMail[]): string {
  const rows = mails.map(
    ({ id, at, to, subject }) =>
      html`<tr>
        <td>${time(at)}</td>
        <td>${to.join(', ')}</td>
        <td><a href="/inbox/${id}">${subject || '(no subject)'}</a></td>
      </tr>`,
  );
  return page(
    'Inbox',
    html`<h1>Inbox</h1>
      <p class="quiet">What was sent, newest first. Nothing here has left this machine.</p>
      <table>
        <tr>
          <th>When (UTC)</th>
          <th>To</th>
          <th>Subject</th>
        </tr>
        ${rows}
      </table>
      ${mails.length === 0 ? html`<p>Nothing was sent yet.</p>` : html``}`,
  );
}

export function mailPage({ id, at, from, to, subject, text, html: rich }: ShownMail): string {
  return page(
    subject || 'Mail',
    html`<p><a href="/inbox">Inbox</a></p>
      <h1>${subject || '(no subject)'}</h1>
      <p class="quiet">${time(at)} UTC, from ${from}, to ${to.join(', ')}</p>
      ${rich === '' ? html`` : html`<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" src="/inbox/${id}/html" title="The mail as HTML"></iframe>`}
      <h2>As text</h2>
      <pre>${text}</pre>`,
  );
}
