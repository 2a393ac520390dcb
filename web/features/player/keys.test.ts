import { expect, it } from 'vitest';
import { keyAction } from './keys.ts';

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) =>
  keyAction({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });

it('letters work in upper and lower case', () => {
  expect(press('k')).toEqual({ do: 'toggle-play' });
  expect(press('K')).toEqual({ do: 'toggle-play' });
});

it('digits go to tenths', () => {
  expect(press('7')).toEqual({ do: 'seek-to', fraction: 0.7 });
});

it('combinations belong to the browser', () => {
  expect(press('f', { ctrlKey: true })).toBeNull();
  expect(press('l', { metaKey: true })).toBeNull();
});

it('other keys do nothing', () => {
  expect(press('q')).toBeNull();
  expect(press('constructor')).toBeNull();
});
