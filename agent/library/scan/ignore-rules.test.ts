import { expect, test } from 'vitest';
import { isLeftOut, NO_RULES, withRules } from './ignore-rules.ts';

const rules = (depth: number, text: string, above = NO_RULES) => withRules(above, depth, text) ?? NO_RULES;

test('patterns leave out files and folders as in .gitignore', () => {
  const own = rules(0, '# what is not for viewers\n*.ts\nprivate/\n/Top.mkv\n!Keep.ts\n');
  expect(isLeftOut(own, [], 'a.ts', false)).toBe(true);
  expect(isLeftOut(own, ['Show', 'Season 1'], 'a.ts', false)).toBe(true);
  expect(isLeftOut(own, [], 'Keep.ts', false)).toBe(false);
  expect(isLeftOut(own, ['Films'], 'private', true)).toBe(true);
  expect(isLeftOut(own, ['Films'], 'private', false)).toBe(false);
  expect(isLeftOut(own, [], 'Top.mkv', false)).toBe(true);
  expect(isLeftOut(own, ['Films'], 'Top.mkv', false)).toBe(false);
});

test('a folder further down can take back what one above says', () => {
  const both = rules(1, '!Wanted.mkv', rules(0, '*.mkv'));
  expect(isLeftOut(both, ['A'], 'Wanted.mkv', false)).toBe(false);
  expect(isLeftOut(both, ['A'], 'Other.mkv', false)).toBe(true);
});

test('a file without a word leaves everything out', () => {
  expect(withRules(NO_RULES, 0, ' \n')).toBeNull();
});
