import { expect, it } from 'vitest';
import { announcedAddresses, isRemote, namesAmong, reachOf } from './addresses.ts';
import type { DirectConfig } from './config.ts';

const CONFIG: DirectConfig = { host: null, port: 8788, addresses: [], certificate: null };

function face(address: string, internal = false) {
  const family = address.includes(':') ? 'IPv6' : 'IPv4';
  return { address, internal, family, netmask: '', mac: '', cidr: null, scopeid: 0 } as never;
}

const INTERFACES = {
  lo: [face('127.0.0.1', true), face('::1', true)],
  eth0: [face('192.168.1.5'), face('2001:db8:1:2::5'), face('fe80::1')],
  tailscale0: [face('100.101.102.103')],
  docker0: [face('172.17.0.1')],
};
const AROUND = { interfaces: INTERFACES, port: 8788, x509: null, known: new Map() };

it.each([
  ['127.0.0.1', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['10.1.2.3', 'local'],
  ['172.31.0.1', 'local'],
  ['172.32.0.1', 'public'],
  ['169.254.1.1', 'local'],
  ['100.101.102.103', 'local'],
  ['fd00::1', 'local'],
  ['fe80::1%eth0', 'local'],
  ['2001:db8::1', 'public'],
  ['203.0.113.7', 'public'],
])('%s leads to %s', (address, reach) => {
  expect(reachOf(address)).toBe(reach);
});

it.each([
  ['192.168.1.77', false],
  ['::ffff:192.168.1.77', false],
  ['127.0.0.1', false],
  ['2001:db8:1:2::99', false],
  ['2001:db8:1:3::99', true],
  ['203.0.113.7', true],
  ['100.101.102.104', true],
])('[DW9] bytes for %s count on the site’s line: %s', (peer, remote) => {
  expect(isRemote(peer, ['192.168.1.5', '2001:db8:1:2::5'])).toBe(remote);
});

it('announces the networks that the machine is in, without those of containers', () => {
  expect(announcedAddresses(CONFIG, AROUND)).toEqual([
    { url: 'http://192.168.1.5:8788', reach: 'local' },
    { url: 'http://[2001:db8:1:2::5]:8788', reach: 'public' },
    { url: 'http://100.101.102.103:8788', reach: 'local' },
  ]);
  expect(announcedAddresses({ ...CONFIG, host: '127.0.0.1' }, AROUND)).toEqual([
    { url: 'http://127.0.0.1:8788', reach: 'loopback' },
  ]);
});

it('announces the names of its certificate, since no other would be believed', () => {
  const x509 = { subjectAltName: 'DNS:cellar.tail.ts.net, DNS:*.home.example, IP Address:192.168.1.5' } as never;
  const known = new Map([['cellar.tail.ts.net', 'local' as const]]);
  const addresses = announcedAddresses(CONFIG, { ...AROUND, x509, known });
  expect(addresses).toEqual([
    { url: 'https://cellar.tail.ts.net:8788', reach: 'local' },
    { url: 'https://192.168.1.5:8788', reach: 'local' },
  ]);
  expect(namesAmong(addresses)).toEqual(['cellar.tail.ts.net']);
});

it('announces what its owner has written down, and nothing else', () => {
  const written = ['https://films.example', 'http://cellar.local:8788', 'http://localhost:1'];
  expect(announcedAddresses({ ...CONFIG, addresses: written }, AROUND).map(({ reach }) => reach)).toEqual([
    'public',
    'local',
    'loopback',
  ]);
});
