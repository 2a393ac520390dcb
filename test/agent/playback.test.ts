import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, copyFile, mkdtemp, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openBody } from '../../agent/link/body.ts';
import type { AgentFailure } from '../../agent/link/handlers.ts';
import { segmentCount } from '../../shared/media/timeline.ts';
import {
  audio,
  BINARIES,
  DIRECT,
  decoded,
  execute,
  indexed,
  type Opened,
  planOf,
  range,
  type Stage,
  sessionId,
  stage,
  videoCopy,
  videoTranscode,
  wholeOf,
} from './playback-stage.ts';
import { sample } from './samples.ts';

const open: Stage[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
});

async function theatre(options: Parameters<typeof stage>[0] = {}): Promise<Stage> {
  const made = await stage(options);
  open.push(made);
  return made;
}

/** A folder that goes away with the test. */
async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'hearthcast-files-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function film(name: Parameters<typeof sample>[0] = 'film.mp4') {
  const copy = await indexed(await sample(name));
  const [picture] = copy.media.video;
  const [sound] = copy.media.audio;
  if (!picture || !sound) throw new Error('not a film');
  return {
    copy,
    transcode: planOf([videoTranscode(picture)], [audio(sound, 'transcode')]),
    remux: planOf([videoCopy(picture)], [audio(sound, 'copy')]),
  };
}

/** The class and code of a refusal; fails where there is none. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => {
      throw new Error('it was not refused');
    },
    (reason: AgentFailure) => reason,
  );
  return `${error.class}/${error.code}`;
}

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

const cpuTicks = async (pid: number) => {
  const fields = (await readFile(`/proc/${pid}/stat`, 'latin1')).split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
};

describe('opening a session', () => {
  it('gives the same answer to the same call, and takes one slot', async () => {
    const { copy, transcode } = await film();
    const { open, playback } = await theatre();
    const session = sessionId();
    const [first, second] = await Promise.all([open(copy, transcode, { session }), open(copy, transcode, { session })]);
    expect(second.answer).toBe(first.answer);
    expect(playback.slots()).toEqual({ used: 1, total: 2 });
    expect(playback.sessions()).toEqual([{ id: session, generation: 1 }]);
  });

  it('refuses a transcode when every slot is taken, and never a remux', async () => {
    const { copy, transcode, remux } = await film();
    const { open, playback, events } = await theatre({
      capabilities: { transcodeSlots: 1, videoEncoders: ['libx264'] },
    });
    const outcomes = await Promise.allSettled([open(copy, transcode), open(copy, transcode), open(copy, transcode)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await refusal(open(copy, transcode))).toBe('capacity/capacity-full');
    await open(copy, remux);
    const [taken] = playback.sessions();
    playback.close({ session: taken?.id ?? '', generation: 1 });
    await open(copy, transcode);
    expect(events.filter(({ kind }) => kind === 'capacity')).toEqual(
      [1, 0, 1].map((slotsUsed) => ({ kind: 'capacity', slotsUsed, slotsTotal: 1 })),
    );
  });

  it('[SE5] refuses an older generation, lets a newer one take its place, and never brings an ended one back', async () => {
    const { copy, remux } = await film();
    const { open, playback } = await theatre();
    const session = sessionId();
    const old = await open(copy, remux, { session, generation: 2 });
    expect(await refusal(open(copy, remux, { session, generation: 1 }))).toBe('session/session-ended');
    const fresh = await open(copy, remux, { session, generation: 3 });
    expect(await refusal(old.init('vcopy'))).toBe('session/session-ended');
    expect((await fresh.init('vcopy')).length).toBeGreaterThan(0);
    playback.close({ session, generation: 2 });
    expect(playback.sessions()).toHaveLength(1);
    playback.close({ session, generation: 3 });
    expect(playback.sessions()).toEqual([]);
    expect(await refusal(open(copy, remux, { session, generation: 3 }))).toBe('session/session-ended');
  });

  it('refuses a file that is not the one that was meant, and a timeline that is not its own', async () => {
    const { copy, remux } = await film();
    const { open } = await theatre();
    expect(await refusal(open(copy, remux, { fingerprint: '0'.repeat(32) }))).toBe('content/not-found');
    expect(await refusal(open(copy, remux, { timelineHash: '0'.repeat(32) }))).toBe('content/conflict');
    const { answer } = await open(copy, remux);
    await open(copy, remux, { timelineHash: answer.timeline?.hash ?? null });
  });

  it('says that keyframes are unknown where none can be copied from', async () => {
    const { copy, remux } = await film();
    const { open } = await theatre({ binaries: { ...BINARIES, ffprobe: '/bin/false' } });
    const stream = { ...copy, media: { ...copy.media, container: 'avi' } };
    await expect(open(stream, remux)).rejects.toThrow('keyframes-unknown');
    expect(await refusal(open(stream, remux))).toBe('content/conflict');
  });
});

describe('direct play', () => {
  it('answers the file and its ranges with its type and a tag of its content', async () => {
    const { copy } = await film('film.mkv');
    const { open } = await theatre();
    const { answer, bytes } = await open(copy, DIRECT);
    expect(answer).toEqual({
      timeline: null,
      file: { size: copy.size, contentType: 'video/x-matroska', etag: `"${copy.fingerprint}"` },
    });
    const whole = await readFile(copy.path);
    expect((await wholeOf(await bytes({ kind: 'file' }))).equals(whole)).toBe(true);
    const part = await bytes({ kind: 'file' }, { range: { start: 100, end: 199 } });
    expect(part.body).toEqual({ path: copy.path, start: 100, end: 200, size: copy.size });
    const tail = await bytes({ kind: 'file' }, { range: { start: copy.size - 5, end: null } });
    expect((await wholeOf(tail)).equals(whole.subarray(-5))).toBe(true);
    const past = bytes({ kind: 'file' }, { range: { start: copy.size, end: null } });
    expect(await refusal(past)).toBe('content/range-not-satisfiable');
  });

  it('reads far behind the fourth gigabyte of a file', async () => {
    const path = join(await folder(), 'large.mp4');
    const size = 5_000_000_003;
    // All but its last bytes is a hole, which takes no room on the disk.
    await writeFile(path, '');
    await truncate(path, size - 3);
    await appendFile(path, 'end');
    const { copy } = await film();
    const { mtimeMs } = await stat(path);
    const { open } = await theatre();
    const { bytes } = await open({ ...copy, path, size, mtimeMs }, DIRECT);
    const answer = await bytes({ kind: 'file' }, { range: { start: size - 3, end: null } });
    await using body = await openBody(answer);
    const read = await body.read(0, 100, Buffer.alloc(100));
    expect(Buffer.from(read).toString()).toBe('end');
  });

  it('refuses a file that has changed or gone since it was indexed', async () => {
    const dir = await folder();
    const path = join(dir, 'film.mp4');
    await copyFile(await sample('film.mp4'), path);
    const copy = await indexed(path);
    const { open } = await theatre();
    const { bytes } = await open(copy, DIRECT);
    await utimes(path, new Date(), new Date(Date.now() - 60_000));
    expect(await refusal(bytes({ kind: 'file' }))).toBe('content/content-broken');
    await rm(dir, { recursive: true });
    expect(await refusal(bytes({ kind: 'file' }))).toBe('content/not-found');
  });

  it('needs no ffmpeg', async () => {
    const { copy, remux } = await film();
    const { open } = await theatre({ binaries: null });
    expect((await wholeOf(await (await open(copy, DIRECT)).bytes({ kind: 'file' }))).length).toBe(copy.size);
    expect(await refusal(open(copy, remux))).toBe('content/not-playable');
  });
});

describe('making segments', () => {
  it('starts one process for requests that come together, and answers a second viewer from the cache', async () => {
    const { copy, transcode } = await film();
    const { open, playback } = await theatre();
    const first = await open(copy, transcode);
    const segments = await Promise.all([first.segment('v180', 0), first.segment('v180', 1), first.segment('v180', 0)]);
    expect(segments[2].equals(segments[0])).toBe(true);
    expect(playback.processes()).toHaveLength(1);
    playback.close({ session: first.id, generation: 1 });
    const second = await open(copy, transcode);
    expect((await second.segment('v180', 0)).equals(segments[0])).toBe(true);
    expect((await second.init('v180')).length).toBeGreaterThan(0);
    expect(playback.processes()).toEqual([]);
  });

  it('follows a seek with a new process, and lets the old one die', async () => {
    const { copy, transcode } = await film();
    const { open, playback } = await theatre();
    const { segment, answer } = await open(copy, transcode);
    await segment('v180', 0);
    // The film is short: a process that has ended would prove nothing.
    const before = playback.processes();
    await segment('v180', segmentCount(answer.timeline ?? { runs: [] }) - 1);
    await until(() => before.every((pid) => !alive(pid)));
    expect(before.every((pid) => !playback.processes().includes(pid))).toBe(true);
  });

  it('drops a request whose viewer has left, and still answers the others', async () => {
    const { copy, transcode } = await film('hd.mp4');
    const { open } = await theatre();
    const { bytes, segment } = await open(copy, transcode);
    const viewer = new AbortController();
    const left = bytes({ kind: 'segment', rendition: 'v180', k: 1 }, { signal: viewer.signal });
    const stayed = segment('v180', 1);
    viewer.abort(new Error('the viewer has left'));
    await expect(left).rejects.toThrow('the viewer has left');
    expect((await stayed).length).toBeGreaterThan(0);
  });

  it('stops reading when it is far enough ahead, which costs no CPU, and goes on at once', async () => {
    // Long, so that 40 s ahead is not its end; small, so that it gets there soon.
    const { copy, transcode } = await film();
    const media = { ...copy.media, durationMs: 600_000 };
    const dir = await folder();
    const path = join(dir, 'long.mp4');
    await execute('ffmpeg', ['-v', 'error', '-stream_loop', '37', '-i', copy.path, '-c', 'copy', path]);
    const long = { ...(await indexed(path)), media: { ...media, container: 'mp4' } };
    const { open, playback } = await theatre();
    const session = await open(long, transcode);
    await session.segment('v180', 0);
    const [pid = 0] = playback.processes();
    let before = -1;
    await until(async () => {
      const now = await cpuTicks(pid);
      const still = now === before;
      before = now;
      await sleep(400);
      return still;
    });
    expect(playback.processes()).toEqual([pid]);
    await session.segment('v180', 14);
    expect(playback.processes()).toEqual([pid]);
    await until(async () => (await cpuTicks(pid)) > before);
  });

  it('kills an encoder that nobody asks anything of, and starts it again when asked', async () => {
    const { copy, transcode } = await film('hd.mp4');
    const { open, playback } = await theatre({ idleMs: 150 });
    const { segment } = await open(
      copy,
      planOf(
        transcode.video.map((video) => ({ ...video, height: 1080, width: 1920 })),
        [],
      ),
    );
    await segment('v180', 0);
    const pids = playback.processes();
    await until(() => pids.every((pid) => !alive(pid)));
    expect(playback.sessions()).toHaveLength(1);
    expect((await segment('v180', 6)).length).toBeGreaterThan(0);
  });

  it('answers what the film does not have with not-found', async () => {
    const { copy, transcode } = await film();
    const { segment, init } = await (await theatre()).open(copy, transcode);
    expect(await refusal(segment('v180', 999))).toBe('content/not-found');
    expect(await refusal(init('nothing'))).toBe('content/not-found');
  });

  it.each(['song.m4a', 'song.mp3'] as const)('plays %s, which has no pictures', async (name) => {
    const copy = await indexed(await sample(name));
    const [sound] = copy.media.audio;
    if (!sound) throw new Error('no sound');
    const { open } = await theatre();
    const { answer, assembled } = await open(copy, planOf([], [audio(sound, 'transcode')]));
    expect(answer.timeline?.frameRate).toBeNull();
    const count = segmentCount(answer.timeline ?? { runs: [] });
    const { frames, complaints } = await decoded(await assembled('a1', range(0, count)));
    expect(complaints).toBe('');
    const gaps = frames.slice(1).map(({ pts }, i) => pts - (frames[i]?.pts ?? 0));
    expect(new Set(gaps)).toEqual(new Set([1024]));
    expect(Math.abs(frames.length - (copy.media.durationMs * sound.sampleRate) / 1_024_000)).toBeLessThanOrEqual(2);
  });

  it('plays the second language of two', async () => {
    const copy = await indexed(await sample('film.mkv'));
    const french = copy.media.audio.slice(1).map((stream) => audio(stream, 'copy', 'a2'));
    const { open } = await theatre();
    const { segment } = await open(copy, planOf([], french));
    expect((await segment('a2', 2)).length).toBeGreaterThan(0);
  });
});

describe('a session', () => {
  it('ends by itself when no byte is asked for during its lease, frees its slot and says so', async () => {
    const { copy, transcode } = await film('hd.mp4');
    const { open, playback, events } = await theatre({ leaseMs: 200 });
    const { id, segment } = await open(copy, transcode);
    await segment('v180', 0);
    const pids = playback.processes();
    await until(() => playback.sessions().length === 0);
    expect(events).toContainEqual({ kind: 'session.ended', session: id, generation: 1, reason: 'lease' });
    expect(playback.slots().used).toBe(0);
    await until(() => pids.every((pid) => !alive(pid)));
    expect(await refusal(segment('v180', 1))).toBe('session/session-ended');
  });

  it('is kept by requests', async () => {
    const { copy, remux } = await film();
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { open, playback } = await theatre({ leaseMs: 90_000 });
    const { segment } = await open(copy, remux);
    for (let i = 0; i < 8; i++) {
      await segment('vcopy', 0);
      await vi.advanceTimersByTimeAsync(60_000);
    }
    expect(playback.sessions()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(playback.sessions()).toHaveLength(0);
  });

  it('leaves no process behind when it is closed or playback stops', async () => {
    const { copy, transcode } = await film('hd.mp4');
    const one = await stage();
    const closed = await one.open(copy, transcode);
    const shut = await one.open({ ...copy, fingerprint: 'a'.repeat(32) }, transcode);
    await Promise.all([closed.segment('v180', 0), shut.segment('v180', 0)]);
    const pids = one.playback.processes();
    one.playback.close({ session: closed.id, generation: 1 });
    await one[Symbol.asyncDispose]();
    expect(pids.filter(alive)).toEqual([]);
    expect(one.events).toContainEqual({ kind: 'session.ended', session: shut.id, generation: 1, reason: 'shutdown' });
    expect(one.events.some((event) => event.kind === 'session.ended' && event.session === closed.id)).toBe(false);
  });
});

describe('a broken file', () => {
  async function broken(change: (path: string) => Promise<void>): Promise<Opened> {
    const dir = await folder();
    const path = join(dir, 'secret-name.mkv');
    await copyFile(await sample('film.mkv'), path);
    const { media } = await indexed(path);
    await change(path);
    const { size, mtimeMs } = await stat(path);
    const copy = { ...(await film('film.mkv')).copy, path, size, mtimeMs, media };
    const { open } = await theatre();
    return open(copy, (await film('film.mkv')).transcode);
  }

  it('of garbage is refused as content, with the reason and without its path', async () => {
    const { segment } = await broken((path) => writeFile(path, Buffer.alloc(100_000, 'no film at all ')));
    const failure = await segment('v180', 0).catch((error: AgentFailure) => error);
    expect(failure).toMatchObject({ class: 'content', code: 'content-broken' });
    expect((failure as AgentFailure).message).toContain('Invalid data');
    expect((failure as AgentFailure).message).not.toContain('secret');
  });

  it('that was cut off plays as far as it goes', async () => {
    // A last picture stands for ten seconds: more than that is missing.
    const { segment } = await broken(async (path) => truncate(path, Math.round((await stat(path)).size * 0.1)));
    expect((await segment('v180', 0)).length).toBeGreaterThan(0);
    expect(await refusal(segment('v180', 5))).toBe('content/content-broken');
  });
});

/** An agent that reads a little of what ffmpeg makes and then nothing more, as for a paused viewer. */
const PAUSED_AGENT = `
  import { start } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../agent/ffmpeg/process.ts')).href)};
  const [ffmpeg, film] = process.argv.slice(1);
  const args = ['-nostdin', '-v', 'error', '-i', film, '-c:v', 'libx264', '-preset', 'ultrafast', '-f', 'mpegts', 'pipe:1'];
  const running = start(ffmpeg, args);
  running.stdout.once('readable', () => console.log(String(running.pid)));
  setInterval(() => {}, 1000);
`;

describe('ffmpeg', () => {
  it('does not survive an agent that is killed, not even while it is paused', async () => {
    const agent = spawn(
      'node',
      ['--input-type=module', '--eval', PAUSED_AGENT, BINARIES.ffmpeg, await sample('hd.mp4')],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [line] = (await once(agent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(alive(pid)).toBe(true);
    // A full pipe blocks it: it then uses no CPU.
    let before = -1;
    await until(async () => {
      const now = await cpuTicks(pid);
      const still = now === before;
      before = now;
      await sleep(200);
      return still;
    });
    expect(alive(pid)).toBe(true);
    agent.kill('SIGKILL');
    await until(() => !alive(pid));
    expect(alive(pid)).toBe(false);
  });
});
