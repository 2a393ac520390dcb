import { describe, expect, it } from 'vitest';
import { macKey } from '../identity/keys.ts';
import { fromBase64Url, seal, toBase64Url } from '../identity/sealed.ts';
import { openTicket, sealTicket, type Ticket } from './tickets.ts';

const env = { HEARTHCAST_SECRET: 'one secret of at least forty-three characters' };
const NOW = 1_700_000_000_000;
const TICKET: Ticket = {
  session: 'ses_abcdefghijklmnopqrstuv',
  agent: 'agt_ABCDEFGHIJKLMNOPQRSTUV',
  generation: 3,
  userId: 7,
  itemId: 123_456,
  copyId: 987_654,
  authSessionId: 'aut_abcdefghijklmnopqrstuv',
  expiresAt: NOW + 86_400_000,
  fingerprint: '0123456789abcdef0123456789abcdef',
  file: { size: 8_000_000_000, contentType: 'video/mp4' },
};

describe('a ticket', () => {
  it('comes back as it was sealed, for a file and for segments', async () => {
    expect(await openTicket(env, await sealTicket(env, TICKET), NOW)).toEqual(TICKET);
    const segments = { ...TICKET, file: null };
    expect(await openTicket(env, await sealTicket(env, segments), NOW)).toEqual(segments);
  });

  it('is a word for URLs of at most 320 characters', async () => {
    const word = await sealTicket(env, TICKET);
    expect(word).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(word.length).toBeLessThanOrEqual(320);
  });

  it('is refused once it has expired', async () => {
    const word = await sealTicket(env, TICKET);
    await expect(openTicket(env, word, TICKET.expiresAt)).rejects.toMatchObject({ code: 'ticket-invalid' });
    expect(await openTicket(env, word, TICKET.expiresAt - 1)).toEqual(TICKET);
  });

  it('is refused with any bit changed', async () => {
    const bytes = fromBase64Url(await sealTicket(env, TICKET)) as Uint8Array;
    for (let at = 0; at < bytes.length; at++) {
      const forged = Uint8Array.from(bytes);
      forged[at] = (forged[at] as number) ^ 1;
      await expect(openTicket(env, toBase64Url(forged), NOW)).rejects.toMatchObject({ code: 'ticket-invalid' });
    }
  });

  it('is refused from another deployment, and from another purpose of the same', async () => {
    const other = await sealTicket({ HEARTHCAST_SECRET: 'another secret of at least forty-three characters' }, TICKET);
    await expect(openTicket(env, other, NOW)).rejects.toMatchObject({ code: 'ticket-invalid' });
    const stream = await seal(await macKey(env, 'stream'), JSON.stringify([1]));
    await expect(openTicket(env, stream, NOW)).rejects.toMatchObject({ code: 'ticket-invalid' });
  });

  it.each(['', 'x', 'not a ticket', '%00', 'a'.repeat(2_000)])('is refused as %j', async (word) => {
    await expect(openTicket(env, word, NOW)).rejects.toMatchObject({ code: 'ticket-invalid' });
  });

  it.each(['[]', '{}', 'null', '[1,2]', 'x'])('is refused with %s inside, though well sealed', async (payload) => {
    const word = await seal(await macKey(env, 'ticket'), payload);
    await expect(openTicket(env, word, NOW)).rejects.toMatchObject({ code: 'ticket-invalid' });
  });
});
