import { describe, expect, it } from 'vitest';
import { openReadTicket } from '../../agent/playback/lending/read-tickets.ts';
import { lendFilm, readKeyOf } from '../../edge/playback/read-tickets.ts';
import { mediaInfo } from '../fakes/media-samples.ts';

const env = { HEARTHCAST_SECRET: 'test-secret-test-secret-test-secret-test-sec' };
const [LENDER, OTHER, READER] = ['L', 'O', 'R'].map((sign) => `agt_${sign.repeat(22)}`) as [string, string, string];
const about = {
  ...{ reader: READER, session: `ses_${'s'.repeat(22)}`, generation: 3, root: 'films' },
  ...{ pathHash: 'a'.repeat(32), fingerprint: 'f'.repeat(32), expiresAt: 1_800_000_000_000 },
};
const source = {
  ...{ agentId: LENDER, agentName: 'storage', path: 'A/film.mkv', size: 5, mtimeMs: 6, media: mediaInfo() },
  ...{ addresses: ['http://192.168.1.5:8096'], mapped: false, readerKey: 'k'.repeat(43) },
};

describe('[BO3] a read ticket that the edge sealed', () => {
  it('says to its lender what the edge meant', async () => {
    const { ticket, ...film } = await lendFilm(env, source, about);
    expect(film).toEqual({ agent: LENDER, ...pick(source) });
    expect(openReadTicket(await readKeyOf(env, LENDER), ticket)).toEqual({
      ...about,
      ...{ lender: LENDER, readerKey: 'k'.repeat(43) },
    });
  });

  it('is nothing to another agent, nor is what another agent seals anything to this one', async () => {
    const { ticket } = await lendFilm(env, source, about);
    expect(openReadTicket(await readKeyOf(env, OTHER), ticket)).toBeNull();
    const { ticket: theirs } = await lendFilm(env, { ...source, agentId: OTHER }, about);
    expect(openReadTicket(await readKeyOf(env, LENDER), theirs)).toBeNull();
  });

  it('is nothing with any sign of it changed, cut off or added', async () => {
    const key = await readKeyOf(env, LENDER);
    const { ticket } = await lendFilm(env, source, about);
    for (let at = 0; at < ticket.length; at += 7) {
      const changed = `${ticket.slice(0, at)}${ticket[at] === 'Q' ? 'R' : 'Q'}${ticket.slice(at + 1)}`;
      expect(openReadTicket(key, changed)).toBeNull();
    }
    for (const odd of ['', ticket.slice(1), ticket.slice(0, -4), 'x'.repeat(2_000), `${ticket}=`]) {
      expect(openReadTicket(key, odd)).toBeNull();
    }
  });
});

function pick({ path, size, mtimeMs, media, addresses }: typeof source) {
  return { path, size, mtimeMs, media, addresses };
}
