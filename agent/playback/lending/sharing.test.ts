import { expect, it } from 'vitest';
import { sharingOf } from './sharing.ts';

it('a machine lends by its addresses of the home network alone, and tells of folders without their places', () => {
  const addresses = [
    { url: 'http://192.168.1.5:8096', reach: 'local' },
    { url: 'https://home.example.org', reach: 'public' },
  ] as const;
  const mapping = { agent: `agt_${'a'.repeat(22)}`, root: 'films', path: '/mnt/nas/films' };
  expect(sharingOf({ addresses: [...addresses] }, [mapping])).toEqual({
    borrows: true,
    lendsAt: ['http://192.168.1.5:8096'],
    mapped: [{ agent: mapping.agent, root: 'films' }],
  });
  expect(sharingOf(null, [])).toEqual({ borrows: true, lendsAt: [], mapped: [] });
});
