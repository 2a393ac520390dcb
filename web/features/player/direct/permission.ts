import type { DirectAddress } from '../../../../shared/protocol/direct.ts';

/**
 * What the browser says of pages that reach into its network. `none`: it has no such permission, and lets pages go
 * there by its older rules (Firefox and Safari by now).
 */
export type NetworkPermission = 'granted' | 'prompt' | 'denied' | 'none';

/** Names of one permission, the newer first: Chromium had one for both spaces before. */
const NAMES = {
  local: ['local-network', 'local-network-access'],
  loopback: ['loopback-network', 'local-network-access'],
} as const;

/** Asks nobody: only what is settled already. */
export async function networkPermission(space: keyof typeof NAMES): Promise<NetworkPermission> {
  for (const name of NAMES[space]) {
    try {
      return (await navigator.permissions.query({ name: name as PermissionName })).state;
    } catch {
      // This browser does not know the name.
    }
  }
  return 'none';
}

/** Whether an address may be tried: at once, only after the viewer was asked by the browser, or not at all. */
export type MayTry = 'yes' | 'ask' | 'no';

/** The page: whether it came by HTTPS, and its host. */
export interface Page {
  protocol: string;
  hostname: string;
}

const PRIVATE_HOST =
  /^(localhost|.+\.localhost|.+\.local|127\.[\d.]+|10\.[\d.]+|192\.168\.[\d.]+|172\.(1[6-9]|2\d|3[01])\.[\d.]+|\[(::1|f[cde][0-9a-f]{2}:.*)\])$/i;

/**
 * Chromium's rules, as they were seen in its version 156, and the older ones elsewhere. On a plain page nothing is
 * mixed; where a public one is refused it fails in silence, which costs nothing.
 */
export function mayTry({ url, reach }: DirectAddress, page: Page, permission: NetworkPermission): MayTry {
  if (page.protocol !== 'https:') return 'yes';
  const isHome = PRIVATE_HOST.test(page.hostname);
  const isSecure = url.startsWith('https:');
  if (reach === 'public') return isSecure ? 'yes' : 'no';
  // Without the permission plain HTTP from a secure page is mixed content, but to the machine itself.
  if (permission === 'none') return isSecure || reach === 'loopback' ? 'yes' : 'no';
  if (isHome || permission === 'granted') return 'yes';
  return permission === 'prompt' ? 'ask' : 'no';
}

/** Tells the browser that a plain address is at home: without it a host name would be taken for mixed content. */
export function spaceOf({ url, reach }: DirectAddress, page: Page): { targetAddressSpace?: 'local' | 'loopback' } {
  const plain = page.protocol === 'https:' && url.startsWith('http:');
  return plain && reach !== 'public' ? { targetAddressSpace: reach } : {};
}

/** Elements cannot say where an address leads: from a secure page they reach plain ones in digits and `.local` only. */
export function mayEmbed({ url }: DirectAddress, page: Page): boolean {
  if (page.protocol !== 'https:' || url.startsWith('https:')) return true;
  const { hostname } = new URL(url);
  return /^[\d.]+$|^\[/.test(hostname) || hostname.endsWith('.local') || hostname === 'localhost';
}
