import { expect, test } from 'vitest';
import { lineOf } from './toml-lines.ts';

const TEXT = `# a comment with port = 1
edge = "https://media.example"

[update]
mode = "offered"

[[roots]]
path = "/a"

[[roots]]
path = "/b"
libary = "Typo"
`;

test.each([
  ['edge', 0, 2],
  ['update.mode', 0, 5],
  ['update.hours', 0, 4],
  ['roots.path', 0, 8],
  ['roots.path', 1, 11],
  ['roots.libary', 1, 12],
  ['roots.library', 1, 10],
  ['absent', 0, 1],
])('%s (block %i) stands on line %i', (name, nth, line) => {
  expect(lineOf(TEXT, name, nth)).toBe(line);
});
