import { expect, it } from 'vitest';
import { lendingOf } from './lending.ts';

const HOME = { id: 1, name: 'Home' };
const CABIN = { id: 2, name: 'Cabin' };
const machine = (name: string, change: object = {}, site = HOME) => ({
  ...{ id: `agt_${name}`, name, site },
  capabilities: { transcodeSlots: 2, borrows: true, lendsAt: [], mapped: [], ...change },
});
const DOOR = { lendsAt: ['http://192.168.1.5:8788'] };

it('lends through a door of its own, to machines of its site that encode', () => {
  const lending = lendingOf([
    machine('nas', { ...DOOR, transcodeSlots: 0 }),
    machine('desk'),
    machine('old', { borrows: undefined }),
    machine('weak', { transcodeSlots: 0 }),
    machine('hut', {}, CABIN),
    { ...machine('new'), capabilities: null },
  ]);
  expect(lending.get('agt_nas')).toEqual(['desk']);
  expect(lending.get('agt_desk')).toEqual([]);
});

it('lends a folder that another machine has too, without a door', () => {
  const lending = lendingOf([machine('nas'), machine('desk', { mapped: [{ agent: 'agt_nas', root: 'films-x7' }] })]);
  expect([lending.get('agt_nas'), lending.get('agt_desk')]).toEqual([['desk'], []]);
});
