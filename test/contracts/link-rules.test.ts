import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

function testFiles(): string[] {
  return ['shared', 'edge', 'agent', 'test'].flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.test\.ts$|-suite\.ts$/.test(name))
      .map((name) => join(ROOT, room, name)),
  );
}

it('every rule of the protocol is held by a test that names it, and no test names a rule that is none', () => {
  const protocol = readFileSync(join(ROOT, 'shared/protocol/PROTOCOL.md'), 'utf8');
  const rules = new Set([...protocol.matchAll(/^- \*\*([A-Z]{2}\d+)\*\*/gm)].map(([, rule]) => rule));
  const named = testFiles().flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\[([A-Z]{2}\d+)\]/g)].map(([, rule]) => rule),
  );
  expect(rules.size).toBeGreaterThan(40);
  expect([...rules].filter((rule) => !named.includes(rule))).toEqual([]);
  const groups = new Set([...rules].map((rule) => rule?.slice(0, 2)));
  expect(named.filter((rule) => groups.has(rule?.slice(0, 2)) && !rules.has(rule))).toEqual([]);
});
