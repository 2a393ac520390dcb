import { expect, it } from 'vitest';
import { type MayTry, mayEmbed, mayTry, type NetworkPermission, spaceOf } from './permission.ts';

const PUBLIC = { protocol: 'https:', hostname: 'films.example' };
const HOME = { protocol: 'https:', hostname: '192.168.1.2' };
const PLAIN = { protocol: 'http:', hostname: 'hearth.home' };

const LAN = { url: 'http://192.168.1.5:8788', reach: 'local' } as const;
const LAN_TLS = { url: 'https://cellar.tail.ts.net:8788', reach: 'local' } as const;
const NAMED = { url: 'http://cellar:8788', reach: 'local' } as const;
const WORLD = { url: 'http://cellar.example:8788', reach: 'public' } as const;
const WORLD_TLS = { url: 'https://cellar.example:8788', reach: 'public' } as const;
const SELF = { url: 'http://127.0.0.1:8788', reach: 'loopback' } as const;

it.each<[NetworkPermission, MayTry[]]>([
  ['granted', ['yes', 'yes', 'yes', 'no', 'yes', 'yes']],
  ['prompt', ['ask', 'ask', 'ask', 'no', 'yes', 'ask']],
  ['denied', ['no', 'no', 'no', 'no', 'yes', 'no']],
  ['none', ['no', 'yes', 'no', 'no', 'yes', 'yes']],
])('from a public page with the permission “%s”', (permission, expected) => {
  const all = [LAN, LAN_TLS, NAMED, WORLD, WORLD_TLS, SELF];
  expect(all.map((address) => mayTry(address, PUBLIC, permission))).toEqual(expected);
});

it('asks for nothing at home, and everything from a plain page', () => {
  expect([LAN, LAN_TLS, WORLD_TLS].map((address) => mayTry(address, HOME, 'prompt'))).toEqual(['yes', 'yes', 'yes']);
  expect([LAN, NAMED, WORLD, WORLD_TLS].map((address) => mayTry(address, PLAIN, 'denied'))).toEqual(
    Array(4).fill('yes'),
  );
});

it('says of plain addresses at home that they are there, and of no other', () => {
  expect(spaceOf(NAMED, PUBLIC)).toEqual({ targetAddressSpace: 'local' });
  expect(spaceOf(SELF, PUBLIC)).toEqual({ targetAddressSpace: 'loopback' });
  for (const address of [LAN_TLS, WORLD, WORLD_TLS]) expect(spaceOf(address, PUBLIC)).toEqual({});
  expect(spaceOf(NAMED, PLAIN)).toEqual({});
});

it('gives an element only what it can reach', () => {
  expect([LAN, LAN_TLS, NAMED, WORLD_TLS].map((address) => mayEmbed(address, PUBLIC))).toEqual([
    true,
    true,
    false,
    true,
  ]);
  expect(mayEmbed(NAMED, PLAIN)).toBe(true);
});
