/** Pages as text; pure. */
export { inboxPage, mailPage, type ShownMail } from './inbox-page';
export { homePage, unknownLinkPage, unsubscribedPage, unsubscribePage, type Address } from './pages';
