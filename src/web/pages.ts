/** The plain pages: what is where, and what somebody who unsubscribes sees. */
import { html, page } from './html';

export interface Address {
  path: string;
  what: string;
}

export function homePage(addresses: Address[]): string {
  return page(
    'Sojourn',
    html`<h1>Sojourn</h1>
      <p>User journeys as code. This process answers at:</p>
      <table>
        ${addresses.map(
          ({ path, what }) =>
            html`<tr>
              <td><code>${path}</code></td>
              <td>${what}</td>
            </tr>`,
        )}
      </table>`,
  );
}

/** `*` stands for all marketing. */
function named(topic: string): string {
  return topic === '*' ? 'all our messages' : `messages about ${topic.replaceAll(/[-_]/g, ' ')}`;
}

/** Asks only: mail scanners fetch links, so nothing happens before the button is pressed. */
export function unsubscribePage(topic: string): string {
  return page(
    'Unsubscribe',
    html`<h1>Unsubscribe</h1>
      <p>Do you want to stop receiving ${named(topic)}?</p>
      <form method="post"><button type="submit">Unsubscribe</button></form>`,
  );
}

export function unsubscribedPage(topic: string): string {
  return page(
    'Unsubscribed',
    html`<h1>You are unsubscribed</h1>
      <p>You will not receive ${named(topic)} any more.</p>`,
  );
}

export function unknownLinkPage(): string {
  return page(
    'Unknown link',
    html`<h1>This link is not known</h1>
      <p>It may have been cut off, or the message it was in is gone. Open it from the message once more.</p>`,
  );
}
