import { ContentError } from '../errors';

/** A setting that can't be used: says which, what is wrong, and what to do. Never holds a secret's value. */
export class SettingError extends ContentError {}
