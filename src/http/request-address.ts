/** From where a request comes, by Express's `trust proxy`, also of one that does not go through Express. */
import type { IncomingMessage } from 'node:http';
import type { Express } from 'express';

export type AddressOf = (req: IncomingMessage) => string;

export function addressesBy(app: Express): AddressOf {
  return ({ headers, socket }) =>
    Reflect.get<typeof app.request, 'ip'>(app.request, 'ip', { app, headers, socket }) ?? '';
}
