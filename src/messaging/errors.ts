import { SojournError } from '../errors';

/** This message to this person will not go, however often it is tried; the ledger says `failed` and why. */
export class PermanentSendError extends SojournError {
  readonly code = 'permanent_send_error';
}
