/** The plain pages: what somebody who unsubscribes sees, and what stands where an application was not built. */
import { html, page } from './html';

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

export function notBuiltPage(reason: string): string {
  return page(
    'Sojourn',
    html`<h1>Sojourn</h1>
      <p>The pages are not there. ${reason}</p>
      <p>The API works without them: <a href="/openapi.json">/openapi.json</a> describes it.</p>`,
  );
}
