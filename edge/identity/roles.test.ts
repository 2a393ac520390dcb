import { describe, expect, it } from 'vitest';
import { ROLES } from '../../shared/api/auth.ts';
import { librariesOf, maskOf } from './library-mask.ts';
import { mayGrant, mayKeep, mayManage } from './roles.ts';

describe('roles', () => {
  it('are given by owners in full, by admins below themselves, by nobody else', () => {
    const granted = (actor: (typeof ROLES)[number]) => ROLES.filter((role) => mayGrant(actor, role));
    expect(granted('owner')).toEqual(['owner', 'admin', 'member', 'child']);
    expect(granted('admin')).toEqual(['member', 'child']);
    expect(granted('member')).toEqual([]);
    expect(granted('child')).toEqual([]);
  });

  it('do not let anyone change themselves', () => {
    expect(mayManage({ userId: 1, role: 'owner' }, { id: 1, role: 'owner' })).toBe(false);
    expect(mayManage({ userId: 1, role: 'owner' }, { id: 2, role: 'owner' })).toBe(true);
    expect(mayManage({ userId: 1, role: 'admin' }, { id: 2, role: 'admin' })).toBe(false);
  });
});

describe('keeping files', () => {
  it('is for all but children', () => {
    expect(ROLES.filter((role) => mayKeep({ role }))).toEqual(['owner', 'admin', 'member']);
  });
});

describe('a mask of libraries', () => {
  const bits = [
    { id: 7, bit: 0 },
    { id: 8, bit: 31 },
    { id: 9, bit: 52 },
  ];

  it.each([[null], [[]], [['7']], [['8', '9']], [['7', '8', '9']]])('holds %j', (ids) => {
    expect(librariesOf(maskOf(ids, bits), bits)).toEqual(ids);
  });

  it('is exact to the last of 53 libraries, and counts each once', () => {
    expect(maskOf(['9', '9', '7'], bits)).toBe(2 ** 52 + 1);
  });

  it('refuses a library that does not exist', () => {
    expect(() => maskOf(['1'], bits)).toThrow('There is no library 1.');
  });
});
