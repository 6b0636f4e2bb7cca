import { ContentError } from '../errors';
import { mailAddress } from './address';
import type { Mailbox } from './email-provider';

/** Reads `Shop <hello@shop.example>`, or a bare address. Throws a ContentError when it is neither. */
export function readSender(from: string): Mailbox {
  const [, name = '', inBrackets] = /^\s*(.*?)\s*<([^<>]+)>\s*$/u.exec(from) ?? [];
  const address = mailAddress(inBrackets ?? from);
  if (address === undefined || /[\r\n]/.test(from)) {
    throw new ContentError('SOJOURN_FROM', `'${from}' is not a sender`, 'Write it as in: Shop <hello@shop.example>');
  }
  const bare = name.replace(/^"(.*)"$/u, '$1').trim();
  return bare === '' ? { address } : { name: bare, address };
}

/** What people are told a message is from. */
export function senderName({ name, address }: Mailbox): string {
  return name ?? address;
}
