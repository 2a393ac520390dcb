import { parse, setOptions, types } from 'hls-parser';
import { describe, expect, it } from 'vitest';
import { decide } from '../../shared/media/decision.ts';
import { Plan } from '../../shared/media/plan.ts';
import { boundariesOf, runsOf, TIMESCALE } from '../../shared/media/timeline.ts';
import { CHROMIUM, DEMO, TELEVISION } from '../../test/fakes/media-samples.ts';
import { masterPlaylist, mediaPlaylist } from './hls.ts';

/** Every offence against RFC 8216 is an error then. */
setOptions({ strictMode: true });

const rows = Object.entries(DEMO)
  .flatMap(([name, media]) => [CHROMIUM, TELEVISION].map((profile) => [name, profile.name, media, profile] as const))
  .map(([name, client, media, profile]) => {
    // Files as they are have no playlist.
    const segmented = { ...profile, file: { containers: [], video: [], audio: [] } };
    return [
      name,
      client,
      Plan.parse(decide({ media, profile: segmented, agent: { videoEncoders: ['libx264'] } })),
    ] as const;
  });

/** Whether a track is the one that plays when nobody chooses, in whatever layout. */
const isChosen = (plan: Plan, track: Plan['audio'][number]) =>
  (plan.audio.find((one) => one.default) ?? plan.audio[0])?.stream === track.stream;

describe('a playlist as a strict parser of RFC 8216 reads it', () => {
  it.each(rows)('of %s for %s says what the plan says', (_name, _client, plan) => {
    const master = parse(masterPlaylist(plan));
    if (!(master instanceof types.MasterPlaylist)) throw new Error('not a master playlist');
    const alone = plan.video.length === 0;
    expect(master.independentSegments).toBe(true);
    const streams = new Set(plan.audio.map(({ stream }) => stream)).size;
    const layouts = streams < plan.audio.length ? 2 : 1;
    expect(master.variants).toHaveLength(layouts * (alone ? 1 : plan.video.length));
    const sound = Math.max(0, ...plan.audio.map(({ bitrate }) => bitrate));
    for (const [i, variant] of master.variants.entries()) {
      const video = plan.video[i % plan.video.length];
      expect(variant.bandwidth).toBe((video?.bitrate ?? 0) + sound);
      expect(variant.averageBandwidth).toBeLessThanOrEqual(variant.bandwidth);
      expect(variant.resolution).toEqual(video && { width: video.width, height: video.height });
      expect(variant.frameRate?.toFixed(3)).toBe(video && (video.frameRate.num / video.frameRate.den).toFixed(3));
      const tracks = variant.audio;
      expect(tracks).toHaveLength(alone && plan.audio.length < 2 ? 0 : streams);
      expect(new Set(tracks.map(({ name }) => name)).size).toBe(tracks.length);
      const made = tracks.map((track) => plan.audio.find(({ id }) => track.uri === `${id}/index.m3u8`));
      for (const [n, track] of tracks.entries()) {
        if (track.uri) expect(track.channels).toBe(String(made[n]?.channels));
        expect(track.isDefault).toBe(made[n] ? isChosen(plan, made[n]) : true);
      }
      if (tracks.length > 0 && !alone) {
        const codecs = variant.codecs?.split(',') ?? [];
        expect(new Set(codecs)).toEqual(new Set([video?.codecs, ...made.map((one) => one?.codecs)]));
      }
      // Every group has every track, in its own layout.
      const surround = Math.max(...plan.audio.map(({ channels }) => channels)) > 2 && i < master.variants.length / 2;
      if (layouts === 2) expect(tracks.some(({ channels }) => channels === '6')).toBe(surround);
      const sounding = plan.audio.find((one) => one.default) ?? plan.audio[0];
      expect(variant.uri).toBe(`${(video ?? sounding)?.id}/index.m3u8`);
    }
  });

  it.each([
    ['24000/1001', 24_000, 1001],
    ['30000/1001', 30_000, 1001],
    ['25', 25, 1],
    ['60', 60, 1],
  ])('of segments at %s frames a second has them all, without drift', (_name, num, den) => {
    const frames = Array.from({ length: 1500 }, (_, k) => Math.round((k * 4 * num) / den));
    const boundaries = frames.map((n) => Math.round((n * TIMESCALE * den) / num));
    const runs = runsOf(boundaries);
    const playlist = parse(mediaPlaylist({ runs }));
    if (!(playlist instanceof types.MediaPlaylist)) throw new Error('not a media playlist');
    expect([playlist.playlistType, playlist.endlist, playlist.mediaSequenceBase ?? 0]).toEqual(['VOD', true, 0]);
    expect(playlist.segments).toHaveLength(boundaries.length - 1);
    expect(playlist.segments.map(({ uri }) => uri)).toEqual(playlist.segments.map((_, k) => `${k}.m4s`));
    expect(playlist.segments[0]?.map?.uri).toBe('init.mp4');
    let at = 0;
    for (const [k, { duration }] of playlist.segments.entries()) {
      expect(Math.round(duration)).toBeLessThanOrEqual(playlist.targetDuration);
      expect(Math.abs(at - (boundaries[k] as number) / TIMESCALE)).toBeLessThan(0.00001);
      at += duration;
    }
    expect(at).toBeCloseTo((boundariesOf({ runs }).at(-1) as number) / TIMESCALE, 5);
  });
});
