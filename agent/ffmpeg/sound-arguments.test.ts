import { describe, expect, it } from 'vitest';
import type { AudioRendition } from '../../shared/media/plan.ts';
import { audioCopyArguments, audioFillArguments, audioTranscodeArguments, canFillSound } from './sound-arguments.ts';

const input = { url: 'file:/films/A: film.mkv', protocols: 'file,pipe', startTime: 1.4, seekMargin: 0, complete: true };
const sound: AudioRendition = {
  ...{ id: 'a1', stream: 2, action: 'transcode', codec: 'aac', channels: 2, sampleRate: 48_000, bitrate: 160_000 },
  ...{ codecs: 'mp4a.40.2', language: null, title: null, default: true },
};
const SOUND = { input, rendition: sound, source: { channels: 2, sampleRate: 48_000 }, frameSamples: 1024 };

const COMMON = '-hide_banner -nostdin -loglevel error -protocol_whitelist file,pipe -copyts';
const OUTPUT =
  '-use_editlist 0 -avoid_negative_ts disabled -map_metadata -1 -map_chapters -1 -flush_packets 1 -f mp4 pipe:1';
const MOVFLAGS = '+cmaf+empty_moov+default_base_moof+frag_discont+frag_every_frame+skip_trailer';

/** Joins what belongs to one argument by `␣`, so that a whole argv reads as one line. */
const line = (args: readonly string[]) => args.map((arg) => arg.replaceAll(' ', '␣')).join(' ');

describe('the argv of', () => {
  it('a sound transcode, which begins eight frames early', () => {
    expect(line(audioTranscodeArguments({ ...SOUND, fromFrame: 188, toFrame: 400 }))).toBe(
      `${COMMON} -noaccurate_seek -ss 3.590000 -probesize 200000 -analyzeduration 200000 -i file:/films/A:␣film.mkv -map 0:2 -vn -sn -dn -af ` +
        'asetpts=PTS-1.400000/TB,atrim=start=3.590000,' +
        'aresample=48000:async=1:min_comp=0.0001:min_hard_comp=0.1:first_pts=184320,apad,asetpts=N+184320,' +
        `atrim=end_pts=410624 -ac 2 -ar 48000 -c:a aac -b:a 160k -movflags ${MOVFLAGS} ${OUTPUT}`,
    );
  });

  it('a sound transcode of surround to stereo and to AC-3', () => {
    const stereo = audioTranscodeArguments({
      ...SOUND,
      source: { channels: 6, sampleRate: 44_100 },
      fromFrame: 0,
      toFrame: 4,
    });
    expect(stereo[stereo.indexOf('-af') + 1]).toBe(
      'asetpts=PTS-1.400000/TB,aresample=48000,aresample=48000:async=1:min_comp=0.0001:min_hard_comp=0.1:first_pts=0,apad,asetpts=N+0,' +
        'atrim=end_pts=5120,aformat=channel_layouts=5.1,' +
        'pan=stereo|FL=0.35*FL+0.45*FC+0.2*BL|FR=0.35*FR+0.45*FC+0.2*BR',
    );
    const rendition: AudioRendition = { ...sound, codec: 'ac3', channels: 6, bitrate: 640_000 };
    const surround = {
      ...SOUND,
      rendition,
      source: { channels: 6, sampleRate: 48_000 },
      frameSamples: 1536,
      fromFrame: 10,
      toFrame: 20,
    };
    expect(line(audioTranscodeArguments(surround))).toBe(
      `${COMMON} -probesize 200000 -analyzeduration 200000 -i file:/films/A:␣film.mkv -map 0:2 -vn -sn -dn -af ` +
        'asetpts=PTS-1.400000/TB,' +
        'aresample=48000:async=1:min_comp=0.0001:min_hard_comp=0.1:first_pts=3072,apad,asetpts=N+3072,' +
        `atrim=end_pts=32256 -ac 6 -ar 48000 -c:a ac3 -b:a 640k -movflags ${MOVFLAGS}+delay_moov ${OUTPUT}`,
    );
  });

  it('a sound copy, whose header waits for the first packet', () => {
    const stream = { ...input, complete: false };
    expect(line(audioCopyArguments({ input: stream, rendition: sound, fromSeconds: 0 }))).toBe(
      `${COMMON} -i file:/films/A:␣film.mkv -map 0:2 -vn -sn -dn -c:a copy -strict experimental ` +
        `-bsf:a aac_adtstoasc -movflags ${MOVFLAGS}+delay_moov ${OUTPUT}`,
    );
  });

  it('what fills the holes of a copied track: in its codec, on its clock, with silence where there is nothing', () => {
    const rendition: AudioRendition = { ...sound, action: 'copy', codec: 'ac3', channels: 6, bitrate: 448_000 };
    expect(line(audioFillArguments({ input, rendition, fromSeconds: 4, toSeconds: 8 }))).toBe(
      `${COMMON} -noaccurate_seek -ss 3.494000 -probesize 200000 -analyzeduration 200000 -i file:/films/A:␣film.mkv -map 0:2 -vn -sn -dn -af ` +
        'atrim=start=4.894000,aresample=48000:async=1:min_comp=0.0001:min_hard_comp=0.1:first_pts=246912,' +
        'apad,asetpts=N+246912,atrim=end_pts=454272 -ac 6 -ar 48000 -c:a ac3 -b:a 448k -strict experimental ' +
        `-movflags ${MOVFLAGS}+delay_moov ${OUTPUT}`,
    );
    expect(canFillSound(rendition)).toBe(true);
    expect(canFillSound({ codec: 'eac3', channels: 8 })).toBe(false);
  });
});
