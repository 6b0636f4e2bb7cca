/** Hosts and proxies, as the settings that name them are written. */
import { isIP } from 'node:net';

/** The hosts of a list, each as addresses have it (lower case, IDNA), or undefined where it is none. */
export function readHosts(list: string): (string | undefined)[] {
  return list.split(',').map((each) => {
    const host = each.trim();
    if (!/^[^\s/\\:@?#*]+$/.test(host) || !URL.canParse(`https://${host}`)) return undefined;
    return new URL(`https://${host}`).hostname;
  });
}

const mostProxies = 20;
/** Express's names for the address ranges of RFC 1918 and its like. */
const ranges = new Set(['loopback', 'linklocal', 'uniquelocal']);

/**
 * A number of proxies, or a list of addresses, ranges in CIDR, and Express's names for ranges; undefined when it is
 * neither. `true`, which Express takes too, would let anybody choose the address that limits go by.
 */
export function readProxies(value: string): number | string | undefined {
  if (/^\d{1,2}$/.test(value)) return Number(value) >= 1 && Number(value) <= mostProxies ? Number(value) : undefined;
  const list = value.split(',').map((each) => each.trim());
  return list.every((each) => ranges.has(each) || isAddressRange(each)) ? list.join(',') : undefined;
}

function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128))
  );
}
