/** The one base of Sojourn's errors. Its subclasses say what happens next; `code` is stable, for machines. */
export abstract class SojournError extends Error {
  abstract readonly code: string;
  override get name(): string {
    return this.constructor.name;
  }
}

/** What a team wrote (a journey, a message, a setting) can't be used as it is; the start is refused. */
export class ContentError extends SojournError {
  readonly code = 'content_error';
  constructor(
    /** Which file or setting: `workflows/cart-abandonment.ts`. */
    readonly where: string,
    readonly what: string,
    readonly remedy: string,
  ) {
    super(`${where}: ${what}. ${remedy}`);
  }
}

/** Not done, certainly not done, and worth another try later. */
export class RetryLater extends SojournError {
  readonly code = 'retry_later';
  constructor(
    message: string,
    /** When to try again, in wall milliseconds from now; unset leaves it to the caller's back-off. */
    readonly afterMs?: number,
  ) {
    super(message);
  }
}

/** The store is away: nothing was accepted or changed. */
export class StoreUnavailable extends SojournError {
  readonly code = 'store_unavailable';
}
