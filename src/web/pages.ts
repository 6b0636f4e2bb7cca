/** The plain pages: what somebody who unsubscribes sees, and what stands where an application was not built. */
import { html, page, type Html } from './html';

/** What a link to unsubscribe is about. */
export interface LinkSubject {
  /** The sender's name. */
  from: string;
  /** The topic as people read it; undefined for all marketing. */
  label: string | undefined;
}

function messagesOf({ from, label }: LinkSubject): Html {
  return label === undefined ? html`all marketing messages from ${from}` : html`“${label}” from ${from}`;
}

const choose = html`<a href="?preferences">Choose what you get</a>`;

/** Asks only: mail scanners fetch links, so nothing happens before the button is pressed. */
export function unsubscribePage(subject: LinkSubject): string {
  return page(
    'Unsubscribe',
    html`<h1>Unsubscribe</h1>
      <p>Do you want to stop ${messagesOf(subject)}?</p>
      <form method="post">
        <p><button type="submit">Unsubscribe</button></p>
      </form>
      <p>Or stop others, or all: ${choose}.</p>`,
    subject.from,
  );
}

export function unsubscribedPage(subject: LinkSubject): string {
  return page(
    'Unsubscribed',
    html`<h1>You are unsubscribed</h1>
      <p>You have stopped ${messagesOf(subject)}.</p>
      <p>Not what you meant, or not all? ${choose}.</p>`,
    subject.from,
  );
}

export function alreadyUnsubscribedPage(subject: LinkSubject): string {
  return page(
    'Unsubscribed',
    html`<h1>You are unsubscribed already</h1>
      <p>You have stopped ${messagesOf(subject)}.</p>
      <p>To get them again, or to stop others: ${choose}.</p>`,
    subject.from,
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
