/** What browsers are given: plain pages as text, and the applications that are built. */
export { builtApp, type AppName, type Asset, type BuiltApp, type Unbuilt } from './built-pages';
export {
  alreadyUnsubscribedPage,
  notBuiltPage,
  unknownLinkPage,
  unsubscribedPage,
  unsubscribePage,
  type LinkSubject,
} from './pages';
export { notThisFormPage, preferencesPage, type PreferencesView } from './preferences-page';
