/**
 * The network of an address, so that a viewer on an agent's own is known: the whole of an IPv4 address, since homes
 * share one, and the first 64 bits of an IPv6 address, which are a home's. Null for what is no address.
 */
export function networkOf(address: string | null | undefined): string | null {
  if (!address) return null;
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return address;
  if (!address.includes(':') || !URL.canParse(`http://[${address}]`)) return null;
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
