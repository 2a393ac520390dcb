import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { mappingFindings } from './mapping-findings.ts';

it('the doctor tells a mapped folder that is there from one that is not', async () => {
  const mapping = { agent: `agt_${'a'.repeat(22)}`, root: 'films' };
  const found = await mappingFindings([
    { ...mapping, path: tmpdir() },
    { ...mapping, path: '/nowhere/at/all' },
  ]);
  expect(found.map(({ verdict, said }) => [verdict, said])).toEqual([
    ['ok', `${tmpdir()}, a folder of ${mapping.agent}`],
    ['warning', '/nowhere/at/all is not there'],
  ]);
});
