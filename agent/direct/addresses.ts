import type { X509Certificate } from 'node:crypto';
import { BlockList, isIP, isIPv6 } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import { type DirectAddress, MAX_DIRECT_ADDRESSES } from '../../shared/protocol/direct.ts';
import { namesOf } from './certificate.ts';
import type { DirectConfig } from './config.ts';

type Reach = DirectAddress['reach'];

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

/** Networks of one home: what is sent there leaves by no line of the site. */
const HOME = new BlockList();
for (const [net, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const) {
  HOME.addSubnet(net, bits);
}
HOME.addSubnet('fc00::', 7, 'ipv6');
HOME.addSubnet('fe80::', 10, 'ipv6');

/** Shared between a provider's customers, and used by tailnets: browsers take it for local, the way there may be long. */
const SHARED = new BlockList();
SHARED.addSubnet('100.64.0.0', 10);

/** Bridges between containers and virtual machines: nobody outside of this machine is in them. */
const VIRTUAL = /^(docker|br-|veth|virbr|cni|flannel|cali|podman|lxc|vmnet|vboxnet)/;

/** Where an address in digits leads, as browsers see it. */
export function reachOf(address: string): Reach {
  const [plain, family] = familyOf(address);
  if (LOOPBACK.check(plain, family)) return 'loopback';
  return HOME.check(plain, family) || SHARED.check(plain, family) ? 'local' : 'public';
}

/**
 * Whether bytes for a peer leave by the site's line. `own` are this machine's addresses: with IPv6 those of one home
 * share their first 64 bits.
 */
export function isRemote(peer: string, own: readonly string[]): boolean {
  const [plain, family] = familyOf(peer);
  if (LOOPBACK.check(plain, family) || HOME.check(plain, family)) return false;
  if (family === 'ipv4') return true;
  const home = new BlockList();
  for (const address of own) if (isIPv6(address)) home.addSubnet(address, 64, 'ipv6');
  return !home.check(plain, 'ipv6');
}

export interface Surroundings {
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;
  port: number;
  x509: X509Certificate | null;
  /** Where host names lead, as far as they were looked up. */
  known: ReadonlyMap<string, Reach>;
}

/**
 * The addresses that viewers are told: those that the owner has written down, else the names of the certificate, else
 * those of the machine's networks.
 */
export function announcedAddresses(config: DirectConfig, around: Surroundings): DirectAddress[] {
  const { port, x509, known } = around;
  const origins =
    config.addresses.length > 0
      ? config.addresses
      : (x509 ? namesOf(x509) : ownAddresses(config, around)).map((name) => originOf(name, port, x509 !== null));
  return [...new Set(origins)].slice(0, MAX_DIRECT_ADDRESSES).map((url) => {
    const host = hostOf(url);
    return { url, reach: isIP(host) ? reachOf(host) : reachOfName(host, known) };
  });
}

/** The host names among announced addresses: where they lead must be looked up. */
export function namesAmong(addresses: readonly DirectAddress[]): string[] {
  return addresses.map(({ url }) => hostOf(url)).filter((host) => isIP(host) === 0);
}

function ownAddresses(config: DirectConfig, { interfaces }: Surroundings): string[] {
  if (config.host !== null && isIP(config.host) && !/^(0\.0\.0\.0|::)$/.test(config.host)) return [config.host];
  return Object.entries(interfaces)
    .filter(([name]) => !VIRTUAL.test(name))
    .flatMap(([, infos = []]) => infos)
    .filter(({ internal, address }) => !internal && !/^fe80:/i.test(address))
    .map(({ address }) => address);
}

function originOf(host: string, port: number, secure: boolean): string {
  return new URL(`${secure ? 'https' : 'http'}://${isIPv6(host) ? `[${host}]` : host}:${port}`).origin;
}

function hostOf(origin: string): string {
  return new URL(origin).hostname.replace(/^\[(.*)\]$/, '$1');
}

function reachOfName(host: string, known: ReadonlyMap<string, Reach>): Reach {
  if (host === 'localhost' || host.endsWith('.localhost')) return 'loopback';
  return known.get(host) ?? (host.endsWith('.local') ? 'local' : 'public');
}

function familyOf(address: string): [plain: string, family: 'ipv4' | 'ipv6'] {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return [plain, isIPv6(plain) ? 'ipv6' : 'ipv4'];
}
