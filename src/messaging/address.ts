/** Which trait values are addresses that mail can be sent to, and how a person is named beside one. */
import { domainToASCII } from 'node:url';
import { cutBetweenCharacters } from '../journey';

// One mailbox without comments, quotes or routes: what could smuggle in a second recipient is not an address here.
const mailbox = /^([^\s@<>()[\]\\,;:"\p{Cc}]{1,64})@([^\s@<>()[\]\\,;:"/\p{Cc}]{1,253})$/u;
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** The address with its domain in ASCII (IDNA), or undefined when nothing can be sent there. */
export function mailAddress(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [, local = '', domain = ''] = mailbox.exec(value.trim().normalize('NFC')) ?? [];
  const ascii = domainToASCII(domain);
  if (local === '' || local.startsWith('.') || local.endsWith('.') || local.includes('..')) return undefined;
  return ascii !== '' && ascii.split('.').every((part) => label.test(part)) ? `${local}@${ascii}` : undefined;
}

const longestName = 100;

/** A person's whole name on one line, as it stands beside the address. */
export function displayName(traits: Record<string, unknown>): string | undefined {
  const name = typeof traits.name === 'string' ? traits.name : '';
  const onOneLine = name.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return cutBetweenCharacters(onOneLine, longestName) || undefined;
}

/** Words about a failure as runs may keep them: whatever looks like an address is left out. */
export function withoutAddresses(text: string): string {
  return text.replace(/[^\s@<>"'(),;]+@[^\s@<>"'(),;]+/g, '…@…');
}
