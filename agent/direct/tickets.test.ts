import { expect, it } from 'vitest';
import { openDirectTicket } from './tickets.ts';

/** Made by the edge: the known answer of both. */
const KEY = Buffer.from('G70zF7Irim3RR0xSn7jJ5pxCg3hVBQN-GULzcfQyrHU', 'base64url');
const WORD =
  'WzEsIm1lZGlhIiwiYWd0X2FhYWFhYWFhYWFhYWFhYWFhYWFhYWEiLCJzZXNfc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3NzcyIsMiwiaHR0cHM6Ly9maWxtcy5leGFtcGxlIiwxODAwMDAwMDAwXS-VDmmUIfGyiuEYJwKP3j8';
const END = 1_800_000_000_000;

it('[DW2] opens what the edge has sealed for this agent, until it ends by the edge’s clock', () => {
  expect(openDirectTicket(KEY, WORD, END - 1)).toEqual({
    ...{ purpose: 'media', agent: `agt_${'a'.repeat(22)}`, session: `ses_${'s'.repeat(22)}`, generation: 2 },
    ...{ origin: 'https://films.example', expiresAt: END },
  });
  expect(openDirectTicket(KEY, WORD, END)).toBeNull();
});

it('[DW2] opens nothing else', () => {
  const other = Buffer.alloc(32, 1);
  expect(openDirectTicket(other, WORD, 0)).toBeNull();
  for (const [i, sign] of [...WORD].entries()) {
    const changed = `${WORD.slice(0, i)}${sign === 'A' ? 'B' : 'A'}${WORD.slice(i + 1)}`;
    // The last sign carries bits that no byte has.
    if (Buffer.from(changed, 'base64url').equals(Buffer.from(WORD, 'base64url'))) continue;
    expect(openDirectTicket(KEY, changed, 0)).toBeNull();
  }
  for (const word of ['', 'A', 'A'.repeat(701), '../..', `${WORD}=`]) expect(openDirectTicket(KEY, word, 0)).toBeNull();
});
