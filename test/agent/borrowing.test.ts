import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, utimes } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { IndexedCopy } from '../../agent/library/copies.ts';
import type { AgentFailure } from '../../agent/link/handlers.ts';
import type { Mapping } from '../../agent/playback/borrowing/mapped-file.ts';
import { readSigner } from '../../agent/playback/lending/read-proofs.ts';
import type { Plan } from '../../shared/media/plan.ts';
import type { ReadTicket } from '../../shared/protocol/sources.ts';
import { agentKey, fingerprinted, LENDER, type LendingStage, lendingStage, sourceOf } from './borrowing-stage.ts';
import {
  audio,
  execute,
  indexed,
  planOf,
  range,
  type Stage,
  stage,
  videoTranscode,
  wholeOf,
} from './playback-stage.ts';
import { sample } from './samples.ts';

const used: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of used.splice(0)) await each[Symbol.asyncDispose]();
});
const theReader = agentKey();

async function filmOf(name: Parameters<typeof sample>[0]): Promise<{ copy: IndexedCopy; plan: Plan }> {
  const copy = await fingerprinted(await indexed(await sample(name)));
  const [picture] = copy.media.video;
  const [sound] = copy.media.audio;
  if (!picture || !sound) throw new Error('not a film');
  return { copy, plan: planOf([videoTranscode(picture)], [audio(sound, 'transcode')]) };
}

/** One machine with the file and no encoder, and one with an encoder and no file. */
async function site(copy: IndexedCopy, mappings: Mapping[] = []): Promise<{ lender: LendingStage; reader: Stage }> {
  const lender = await lendingStage(new Map([[copy.fingerprint, copy]]));
  used.push(lender);
  const reader = await stage({
    copies: { copy: () => null, image: () => null },
    borrowing: { sign: readSigner(theReader), mappings },
  });
  used.push(reader);
  return { lender, reader };
}

async function refusal(work: Promise<unknown>): Promise<Pick<AgentFailure, 'class' | 'code'>> {
  const { class: failureClass, code } = await work.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: AgentFailure) => error,
  );
  return { class: failureClass, code };
}

/** Of the pictures of two films, the least alike pair: decibels of PSNR. Repeated pictures of this film have below 20. */
async function likeness(one: string, other: string): Promise<number> {
  const args = ['-hide_banner', '-i', one, '-i', other, '-lavfi', '[0:v][1:v]psnr', '-f', 'null', '-'];
  const { stderr } = await execute('ffmpeg', args);
  const least = /PSNR .*min:(\S+)/.exec(stderr)?.[1];
  return least === 'inf' ? Number.POSITIVE_INFINITY : Number(least);
}

describe('[BO5] a film that lies on another machine', () => {
  it.each(['film.mp4', 'film.mkv', 'beeps.ts'] as const)(
    'is encoded to the bytes that its own machine would make: %s',
    async (name) => {
      const { copy, plan } = await filmOf(name);
      // From the start, and after a seek, which begins another process: each in sessions of their own, since a process
      // that had come so far by itself would go on with what it knows of the segments before.
      for (const asked of [[0, 1], [5]]) {
        const { lender, reader } = await site(copy);
        const own = await stage();
        used.push(own);
        const there = await reader.open(copy, plan, { source: sourceOf(lender, copy, theReader) });
        const here = await own.open(copy, plan);
        expect(there.answer).toEqual(here.answer);
        for (const rendition of ['v180', 'a1']) {
          for (const k of asked) {
            expect((await there.segment(rendition, k)).equals(await here.segment(rendition, k))).toBe(true);
          }
          expect((await there.init(rendition)).equals(await here.init(rendition))).toBe(true);
        }
        expect(lender.lending.sessions).toBe(1);
      }
    },
  );

  it('gives nothing secret to what everybody on the machine can read', async () => {
    const { copy, plan } = await filmOf('hd.mp4');
    const { lender, reader } = await site(copy);
    const source = sourceOf(lender, copy, theReader);
    const opened = await reader.open(copy, plan, { source });
    void opened.segment('v180', 0).catch(() => {});
    await expect.poll(() => reader.playback.processes().length).toBeGreaterThan(0);
    const [pid] = reader.playback.processes();
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
    const [, id = '', secret = '', door = ''] = /http_proxy=http:\/\/([^:]+):([^@]+)@([^\0]+)/.exec(environment) ?? [];
    expect(commandLine).toContain(`http://film.invalid/${id}`);
    expect(secret.length).toBeGreaterThan(20);
    for (const hidden of [secret, source.ticket, lender.address, '127.0.0.1'])
      expect(commandLine).not.toContain(hidden);
    // Without it, and with another one, the door on this machine opens nothing.
    const asked = async (headers: Record<string, string>) => {
      const [response] = (await once(get(`http://${door}/${id}`, { headers }), 'response')) as [IncomingMessage];
      response.destroy();
      return response.statusCode;
    };
    expect(await asked({})).toBe(407);
    expect(await asked({ 'proxy-authorization': `Basic ${btoa(`${id}:${'x'.repeat(secret.length)}`)}` })).toBe(407);
    expect(await asked({ 'proxy-authorization': `Basic ${btoa(`${id}:${secret}`)}`, range: 'bytes=0-9' })).toBe(206);
  });

  it('has its subtitles made where it lies', async () => {
    const { copy, plan } = await filmOf('film.mkv');
    const { lender, reader } = await site(copy);
    const opened = await reader.open(copy, plan, { source: sourceOf(lender, copy, theReader) });
    const stream = copy.media.subtitles[0]?.index ?? -1;
    const words = await wholeOf(await opened.bytes({ kind: 'subtitle', stream }));
    expect(words.toString()).toContain('Grüße');
    expect(lender.reads).toContain(JSON.stringify({ kind: 'made', resource: { kind: 'subtitle', stream } }));
  });

  it('has its text painted in as on its own machine, which reads the track', async () => {
    const { copy, plan } = await filmOf('film.mkv');
    const stream = copy.media.subtitles[0]?.index ?? -1;
    const painted = { ...plan, video: plan.video.map((picture) => ({ ...picture, burnIn: stream })) };
    const { lender, reader } = await site(copy);
    const own = await stage();
    used.push(own);
    const there = await reader.open(copy, painted, { source: sourceOf(lender, copy, theReader) });
    const here = await own.open(copy, painted);
    const [words, same] = [await there.segment('v180', 1), await here.segment('v180', 1)];
    expect(words.equals(same)).toBe(true);
    expect(words.equals(await (await own.open(copy, plan)).segment('v180', 1))).toBe(false);
    expect(lender.reads).toContain(JSON.stringify({ kind: 'made', resource: { kind: 'subtitle', stream } }));
  });

  it('is only encoded, never handed on as it is', async () => {
    const { copy, plan } = await filmOf('film.mp4');
    const { lender, reader } = await site(copy);
    const source = sourceOf(lender, copy, theReader);
    const direct: Plan = { ...plan, mode: 'direct', video: [], audio: [] };
    expect(await refusal(reader.open(copy, direct, { source }))).toEqual({ class: 'content', code: 'not-playable' });
    expect(lender.reads).toEqual([]);
  });
});

describe('[BO4] a read ticket', () => {
  it.each<[string, Partial<ReadTicket>]>([
    ['for another machine’s files', { lender: `agt_${'X'.repeat(22)}` }],
    ['of another machine', { readerKey: agentKey().x }],
    ['that has expired', { expiresAt: Date.now() - 1_000 }],
  ])('%s opens nothing', async (_, more) => {
    const { copy, plan } = await filmOf('film.mp4');
    const { lender, reader } = await site(copy);
    const source = sourceOf(lender, copy, theReader, more);
    expect(await refusal(reader.open(copy, plan, { source }))).toEqual({ class: 'session', code: 'ticket-invalid' });
    expect(reader.playback.slots().used).toBe(0);
  });

  it('that another key sealed, or of which a bit was changed, opens nothing', async () => {
    const { copy, plan } = await filmOf('film.mp4');
    const { lender, reader } = await site(copy);
    const good = sourceOf(lender, copy, theReader);
    // What another agent's own key seals says the same, and is not of this agent's.
    const forged = sourceOf({ key: agentKey().x, address: lender.address }, copy, theReader);
    const changed = {
      ...good,
      ticket: `${good.ticket.slice(0, 40)}${good.ticket[40] === 'A' ? 'B' : 'A'}${good.ticket.slice(41)}`,
    };
    for (const source of [forged, changed, { ...good, ticket: 'x' }]) {
      expect(await refusal(reader.open(copy, plan, { source }))).toEqual({ class: 'session', code: 'ticket-invalid' });
    }
  });

  it('opens the one file that it names', async () => {
    const { copy, plan } = await filmOf('film.mp4');
    const { lender, reader } = await site(copy);
    const other = sourceOf(lender, copy, theReader, { fingerprint: 'e'.repeat(32) });
    expect(await refusal(reader.open(copy, plan, { source: other }))).toEqual({ class: 'content', code: 'not-found' });
    const gone = sourceOf(lender, copy, theReader, { pathHash: 'e'.repeat(32) });
    expect(await refusal(reader.open(copy, plan, { source: gone }))).toEqual({ class: 'content', code: 'not-found' });
  });

  it('[BO8] is over with its session, and what it reads is broken off at once', async () => {
    const { copy, plan } = await filmOf('film.mp4');
    const { lender, reader } = await site(copy);
    const source = sourceOf(lender, copy, theReader);
    const opened = await reader.open(copy, plan, { source });
    lender.lending.close(`ses_${'s'.repeat(22)}`, 1);
    expect(await refusal(opened.segment('v180', 3))).toEqual({ class: 'session', code: 'session-ended' });
    const later = sourceOf(lender, copy, theReader, { generation: 2 });
    await reader.open(copy, plan, { session: opened.id, generation: 2, source: later });
  });
});

describe('[BO6] the machine with the file', () => {
  it('that is gone fails the session as liveness, before an end of bytes is taken for the film’s', async () => {
    const { copy, plan } = await filmOf('hd.mp4');
    const { lender, reader } = await site(copy);
    const own = await stage();
    used.push(own);
    const opened = await reader.open(copy, plan, { source: sourceOf(lender, copy, theReader) });
    const here = await own.open(copy, plan);
    // What stands at the end of the file (its index) is read first.
    lender.hang({ from: copy.size * 0.4, to: copy.size * 0.9 });
    expect((await opened.segment('v180', 0)).equals(await here.segment('v180', 0))).toBe(true);
    expect(await refusal(opened.segment('v180', 6))).toEqual({ class: 'liveness', code: 'agent-offline' });
    expect(reader.playback.processes()).toEqual([]);
    lender.hang(null);
    // Nothing that was made up for what could not be read lies in the cache.
    const all = range(0, 7);
    const pair = [await opened.assembled('v180', all), await here.assembled('v180', all)] as const;
    expect(await likeness(...pair)).toBeGreaterThan(25);
    await lender.shut();
    const again = await reader
      .open(copy, plan, { source: sourceOf(lender, copy, theReader) })
      .then(() => null)
      .catch((error: AgentFailure) => error.class);
    expect(again).toBe('liveness');
  });

  it('that changes the file fails it as content', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'hearthcast-lent-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const { copy: first, plan } = await filmOf('film.mp4');
    const path = join(dir, 'film.mp4');
    await copyFile(first.path, path);
    const copy = { ...(await indexed(path)), fingerprint: first.fingerprint };
    const { lender, reader } = await site(copy);
    const opened = await reader.open(copy, plan, { source: sourceOf(lender, copy, theReader) });
    await utimes(path, new Date(2020, 1, 1), new Date(2020, 1, 1));
    expect(await refusal(opened.segment('v180', 0))).toEqual({ class: 'content', code: 'content-broken' });
  });
});

describe('[BO7] a folder that both machines have', () => {
  async function shared() {
    const dir = await mkdtemp(join(tmpdir(), 'hearthcast-nas-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const { copy: first, plan } = await filmOf('film.mp4');
    const folder = join(dir, 'films');
    await mkdir(folder);
    const path = join(folder, 'film.mp4');
    await copyFile(first.path, path);
    await utimes(path, 1_600_000_000, 1_600_000_000);
    const copy = { ...(await indexed(path)), fingerprint: first.fingerprint };
    const { lender, reader } = await site(copy, [{ agent: LENDER, root: 'films', path: folder }]);
    const open = (more: object = {}) =>
      reader.open(copy, plan, { source: { ...sourceOf(lender, copy, theReader), ...more } });
    return { dir, folder, path, copy, plan, lender, reader, open };
  }

  it('is read as a folder, without the other machine', async () => {
    const { open, lender, reader, path } = await shared();
    const opened = await open({ addresses: [] });
    void opened.segment('v180', 0).catch(() => {});
    await expect.poll(() => reader.playback.processes().length).toBeGreaterThan(0);
    const args = await readFile(`/proc/${reader.playback.processes()[0]}/cmdline`, 'utf8');
    expect(args).toContain(`file:${path}`);
    expect((await opened.segment('v180', 1)).length).toBeGreaterThan(0);
    expect(lender.reads).toEqual([]);
  });

  it.each<[string, (s: Awaited<ReturnType<typeof shared>>) => Promise<object>]>([
    [
      'of another time',
      async ({ path }) => utimes(path, 1_500_000_000, 1_500_000_000).then(() => ({ mtimeMs: 1_600_000_000_000 })),
    ],
    ['of another size', async () => ({ size: 5 })],
    [
      'that is named by a path out of the folder',
      async ({ dir, path }) => copyFile(path, join(dir, 'film.mp4')).then(() => ({ path: '../film.mp4' })),
    ],
    [
      'that a link leads out to',
      async ({ dir, folder, path }) => {
        await copyFile(path, join(dir, 'out.mp4'));
        await utimes(join(dir, 'out.mp4'), 1_600_000_000, 1_600_000_000);
        await symlink(join(dir, 'out.mp4'), join(folder, 'link.mp4'));
        return { path: 'link.mp4' };
      },
    ],
    [
      'with other bytes',
      async ({ folder, path, copy }) => {
        await execute('dd', ['if=/dev/zero', `of=${join(folder, 'other.mp4')}`, `bs=${copy.size}`, 'count=1']);
        await utimes(join(folder, 'other.mp4'), 1_600_000_000, 1_600_000_000);
        expect(path).not.toContain('other');
        return { path: 'other.mp4' };
      },
    ],
  ])('does not give a file %s', async (_, change) => {
    const all = await shared();
    const more = await change(all);
    expect(await refusal(all.open({ addresses: [], ...more }))).toEqual({ class: 'liveness', code: 'agent-offline' });
  });
});
