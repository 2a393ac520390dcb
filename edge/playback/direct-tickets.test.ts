import { expect, it } from 'vitest';
import type { DirectTicket } from '../../shared/protocol/direct.ts';
import { directKeyOf, directPath } from './direct-tickets.ts';

const ENV = { HEARTHCAST_SECRET: 's'.repeat(43) };
const TICKET: DirectTicket = {
  ...{ purpose: 'media', agent: `agt_${'a'.repeat(22)}`, session: `ses_${'s'.repeat(22)}`, generation: 2 },
  ...{ origin: 'https://films.example', expiresAt: 1_800_000_000_000 },
};

it('[DW2] gives each agent a key of its own', async () => {
  const [mine, again, other] = await Promise.all([
    directKeyOf(ENV, TICKET.agent),
    directKeyOf(ENV, TICKET.agent),
    directKeyOf(ENV, `agt_${'b'.repeat(22)}`),
  ]);
  expect(mine).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(again).toBe(mine);
  expect(other).not.toBe(mine);
});

it('[DW2] makes the ticket that an agent opens with its key: the known answer of both', async () => {
  expect(await directKeyOf(ENV, TICKET.agent)).toBe('G70zF7Irim3RR0xSn7jJ5pxCg3hVBQN-GULzcfQyrHU');
  expect(await directPath(ENV, TICKET)).toBe(
    '/direct/v1/WzEsIm1lZGlhIiwiYWd0X2FhYWFhYWFhYWFhYWFhYWFhYWFhYWEiLCJzZXNfc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3NzcyIsMiwiaHR0cHM6Ly9maWxtcy5leGFtcGxlIiwxODAwMDAwMDAwXS-VDmmUIfGyiuEYJwKP3j8',
  );
});
