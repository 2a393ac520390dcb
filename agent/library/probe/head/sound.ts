import { Bits } from './bits.ts';
import { Unsure } from './unsure.ts';

/** What a decoder's configuration or its first frame says of its sound. */
export interface SoundFacts {
  codec: string;
  profile: string | null;
  channels: number;
  sampleRate: number;
  bitrate: number | null;
}

const AAC_RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350];
const AAC_LC = 2;
/** Up to this rate the real one may be the double, told only inside the frames (HE-AAC without a sign). */
const MAX_HIDDEN_RATE = 24_000;

/** Reads an AudioSpecificConfig of plain AAC-LC; whatever could be more is Unsure. */
export function readAacConfig(config: Buffer): SoundFacts {
  const bits = new Bits(config);
  if (bits.read(5) !== AAC_LC) throw new Unsure('not plain AAC-LC');
  const sampleRate = AAC_RATES[bits.read(4)];
  const layout = bits.read(4);
  if (!sampleRate || sampleRate <= MAX_HIDDEN_RATE || layout === 0 || layout > 7) throw new Unsure('unusual AAC');
  bits.skip(3);
  for (let at = 16; at + 11 <= config.length * 8; at++) {
    const probe = new Bits(config);
    probe.skip(at);
    if (probe.read(11) !== 0x2b7) continue;
    // The extension may also say that there is none.
    if (at + 17 > config.length * 8 || probe.read(5) !== 5 || probe.flag()) throw new Unsure('HE-AAC');
  }
  return { codec: 'aac', profile: 'LC', channels: layout === 7 ? 8 : layout, sampleRate, bitrate: null };
}

const AC3_RATES = [48_000, 44_100, 32_000];
const AC3_KILOBITS = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640];
const AC3_CHANNELS = [2, 1, 2, 3, 3, 4, 4, 5];
const SYNC_WORD = 0x0b77;

/** Reads the head of an AC-3 or E-AC-3 frame. */
export function readAc3Frame(frame: Buffer, codec: 'ac3' | 'eac3'): SoundFacts {
  const bits = new Bits(frame);
  if (bits.read(16) !== SYNC_WORD) throw new Unsure('no frame of AC-3');
  return codec === 'ac3' ? ac3(bits) : eac3(bits);
}

function ac3(bits: Bits): SoundFacts {
  bits.skip(16);
  const sampleRate = AC3_RATES[bits.read(2)];
  const kilobits = AC3_KILOBITS[bits.read(6) >> 1];
  const version = bits.read(5);
  bits.skip(3);
  const mode = bits.read(3);
  if (!sampleRate || !kilobits || version > 8) throw new Unsure('unusual AC-3');
  if (mode & 1 && mode !== 1) bits.skip(2);
  if (mode & 4) bits.skip(2);
  if (mode === 2) bits.skip(2);
  const channels = (AC3_CHANNELS[mode] as number) + (bits.flag() ? 1 : 0);
  return { codec: 'ac3', profile: null, channels, sampleRate, bitrate: kilobits * 1000 };
}

function eac3(bits: Bits): SoundFacts {
  const type = bits.read(2);
  const substream = bits.read(3);
  const words = bits.read(11) + 1;
  const sampleRate = AC3_RATES[bits.read(2)];
  const blocks = [1, 2, 3, 6][bits.read(2)] as number;
  const mode = bits.read(3);
  const lfe = bits.flag();
  if (type !== 0 || substream !== 0 || !sampleRate) throw new Unsure('unusual E-AC-3');
  const bitrate = Math.floor((8 * words * 2 * sampleRate) / (blocks * 256));
  return {
    codec: 'eac3',
    profile: null,
    channels: (AC3_CHANNELS[mode] as number) + (lfe ? 1 : 0),
    sampleRate,
    bitrate,
  };
}

/** The identification header of Opus, as Matroska carries it. */
export function readOpusHead(head: Buffer): SoundFacts {
  const channels = head[9];
  if (head.toString('latin1', 0, 8) !== 'OpusHead' || !channels) throw new Unsure('no Opus');
  return { codec: 'opus', profile: null, channels, sampleRate: 48_000, bitrate: null };
}

/** FLAC's STREAMINFO, behind its mark. */
export function readFlacHead(head: Buffer): SoundFacts {
  if (head.toString('latin1', 0, 4) !== 'fLaC' || ((head[4] as number) & 0x7f) !== 0) throw new Unsure('no FLAC');
  const bits = new Bits(head.subarray(18));
  const sampleRate = bits.read(20);
  const channels = bits.read(3) + 1;
  if (sampleRate === 0) throw new Unsure('no FLAC');
  return { codec: 'flac', profile: null, channels, sampleRate, bitrate: null };
}
