import { randomBytes } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { DeviceProfile } from '../../shared/media/device-profile.ts';
import type { MediaInfo } from '../../shared/media/media-info.ts';
import { MAX_PART_BYTES } from '../../shared/protocol/frames.ts';
import type { SyncBatch } from '../../shared/protocol/sync.ts';
import { MIB } from './check.ts';
import { patternAt } from './pattern.ts';

/** Exactly one part, the largest body that the link sends at once. */
export const FILM_BYTES = MAX_PART_BYTES;

const UNNAMED = { language: null, title: null, default: true };

/** What the film says of itself: all that it takes to be played as it is. */
const MEDIA: MediaInfo = {
  ...{ container: 'mp4', durationMs: 60_000, startTime: 0, bitrate: 8_000_000, subtitles: [], chapters: [] },
  video: [
    {
      ...{ index: 0, codec: 'h264', profile: 'High', level: 40, width: 1920, height: 1080, bitDepth: 8, hdr: 'none' },
      ...{ sar: { num: 1, den: 1 }, frameRate: { num: 25, den: 1 }, interlaced: false, rotation: 0, bitrate: null },
      ...UNNAMED,
    },
  ],
  audio: [{ index: 1, codec: 'aac', profile: 'LC', channels: 2, sampleRate: 48_000, bitrate: null, ...UNNAMED }],
};

const TAKES = { containers: ['mp4'], video: [{ codec: 'h264' }], audio: [{ codec: 'aac' }] };

/** A device that takes the film as it is. */
export const PLAYER = DeviceProfile.parse({ name: 'Hearthcast verify', file: TAKES, segments: TAKES });

/** Writes the film's bytes. */
export function writeFilm(path: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    for (let at = 0; at < FILM_BYTES; at += MIB) writeSync(file, patternAt(at, MIB));
  } finally {
    closeSync(file);
  }
}

/** What the throw-away machine says of its one file. Its title and its fingerprint are no other film's. */
export function claimOfFilm(root: string): { title: string; fingerprint: string; batch: SyncBatch } {
  const fingerprint = randomBytes(16).toString('hex');
  const title = `Hearthcast verify ${fingerprint.slice(0, 8)}`;
  const file = { root, pathHash: fingerprint, rev: 1, path: 'verify.mp4', size: FILM_BYTES, mtimeMs: Date.now() };
  const work = { kind: 'movie', title, year: null } as const;
  const batch: SyncBatch = {
    ...{ epoch: fingerprint, fromRevision: 0, toRevision: 1, complete: true },
    claims: [{ state: 'present', ...file, fingerprint, work, media: MEDIA, artwork: {} }],
  };
  return { title, fingerprint, batch };
}
