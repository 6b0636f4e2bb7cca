/** What operators changed: who, what, when, from which value to which. */
export { recordChange, theCode, type Actor, type Change } from './change';
export { lastChange, lastChanges, listChanges, type ChangeFilter, type RecordedChange } from './read';
