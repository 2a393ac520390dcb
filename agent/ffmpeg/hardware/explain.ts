import { type Device, type DeviceName, MADE_CODECS, type MadeCodec } from './device.ts';
import type { DeviceFacts } from './facts.ts';

/** What was tried on one kind of chip, and how it went. */
export interface DeviceTrial {
  facts: DeviceFacts;
  /** Encoders of it that this ffmpeg was built with. */
  built: readonly MadeCodec[];
  /** Codecs that it encodes; `whole` where pictures may stay in its memory all the way. */
  codecs: readonly { codec: MadeCodec; whole: boolean; variant: readonly string[] }[];
  deinterlace: string | null;
  tonemap: string | null;
  /** The end of what ffmpeg wrote when it failed. */
  said: string;
}

/** A sentence on what was found, and one on what to do; null for a device that cannot be in this machine. */
export interface Explanation {
  works: boolean;
  said: string;
  advice: string | null;
}

const CODEC_NAMES: Record<MadeCodec, string> = { h264: 'H.264', hevc: 'HEVC', av1: 'AV1' };

/** What drivers say, in ffmpeg's words, and what to do about it. The first that fits counts: the nearer cause. */
const CAUSES: readonly { words: RegExp; said: string; advice: (facts: DeviceFacts) => string }[] = [
  {
    words: /Cannot load (?:libnvidia-encode|nvEncodeAPI|libcuda|nvcuda)/i,
    said: 'its driver is not installed whole',
    advice: () =>
      'Install the NVIDIA driver with its encode library (on Debian and Ubuntu libnvidia-encode1); give a container ' +
      'the card with "--gpus all" and NVIDIA_DRIVER_CAPABILITIES=all.',
  },
  {
    words: /minimum required Nvidia driver|does not support the required nvenc API version/i,
    said: 'its driver is too old for this ffmpeg',
    advice: () => 'Update the NVIDIA driver, or use an older ffmpeg.',
  },
  {
    words: /OpenEncodeSessionEx failed: (?:out of memory|incompatible client key)|No free encoding sessions/i,
    said: 'all its encoding sessions are taken',
    advice: () =>
      'Close other programs that encode (recorders, other media servers); consumer cards allow three to twelve ' +
      'sessions at once, more with a newer driver.',
  },
  {
    words: /No (?:NVENC )?capable devices found|unsupported device \(2\)|CUDA_ERROR_NO_DEVICE/i,
    said: 'this card has no encoder',
    advice: () => 'Nothing to do: pictures are encoded by the processor.',
  },
  {
    words: /Permission denied|EACCES/i,
    said: 'this user may not use it',
    advice: groupAdvice,
  },
  {
    words: /Failed to initiali[sz]e VAAPI connection|vaInitialize failed|unknown libva error/i,
    said: 'it has no VAAPI driver',
    advice: () =>
      'Install its driver: on Debian and Ubuntu intel-media-va-driver (Intel) or mesa-va-drivers (AMD); "vainfo" then ' +
      'lists what it can do.',
  },
  {
    words: /Error (?:creating|initializing) an? (?:internal )?MFX session|Error creating a MFX session/i,
    said: 'Intel’s media runtime is missing',
    advice: () =>
      'Install libmfx-gen1.2 (libmfx1 for chips before the eleventh generation) and intel-media-va-driver-non-free.',
  },
  {
    words:
      /No usable encoding (?:profile|entrypoint)|Function not implemented|not supported by the (?:driver|runtime)/i,
    said: 'its driver does not encode',
    advice: () => 'Nothing to do, unless a newer driver can: on Debian intel-media-va-driver-non-free encodes more.',
  },
  {
    words: /Unrecognized option '(?:forced_idr|forced-idr)'|Option '?forced_idr'? not found/i,
    said: 'this ffmpeg is too old to begin segments with it',
    advice: () => 'Install a newer ffmpeg.',
  },
];

/** In words what a trial means. Pure. */
export function explain(device: Device, trial: DeviceTrial): Explanation | null {
  const { facts, built, codecs, said } = trial;
  if (!facts.possible) return null;
  if (codecs.length > 0) return { works: true, said: abilities(trial), advice: null };
  if (facts.node?.state === 'missing') return absent(device.name);
  if (facts.node?.state === 'forbidden') {
    return { works: false, said: `${facts.user} may not use ${facts.node.path}`, advice: groupAdvice(facts) };
  }
  if (built.length === 0) {
    // Without a file that says the device is here, a build without it is no news.
    return facts.node
      ? {
          works: false,
          said: 'this ffmpeg was built without it',
          advice: 'Install an ffmpeg with it (most distributions’ own has it), or set HEARTHCAST_FFMPEG to one.',
        }
      : null;
  }
  const cause = CAUSES.find(({ words }) => words.test(said));
  if (cause) return { works: false, said: cause.said, advice: cause.advice(facts) };
  const last = said.trim().split('\n').at(-1)?.slice(0, 200) || 'it made no picture';
  return { works: false, said: last, advice: 'Look for this message with the name of your card and driver.' };
}

function abilities({ codecs, deinterlace, tonemap }: DeviceTrial): string {
  const names = (list: readonly { codec: MadeCodec }[]) =>
    MADE_CODECS.filter((codec) => list.some((each) => each.codec === codec))
      .map((codec) => CODEC_NAMES[codec])
      .join(', ');
  const whole = codecs.filter((each) => each.whole);
  const extras = [...(deinterlace ? ['deinterlacing'] : []), ...(tonemap ? ['tone mapping'] : [])];
  const also = extras.length > 0 ? ` with ${extras.join(' and ')}` : '';
  return whole.length > 0
    ? `encodes ${names(codecs)}; decodes and scales there too${also}`
    : `encodes ${names(codecs)}; the processor decodes and scales`;
}

/** No device file: worth a word only where the card itself would have one. */
function absent(name: DeviceName): Explanation | null {
  if (name === 'nvenc' || name === 'vaapi')
    return { works: false, said: 'no such card, or its driver is missing', advice: null };
  return null;
}

function groupAdvice({ node, user }: DeviceFacts): string {
  const group = node?.group ?? 'render';
  return (
    `Add ${user} to the group ${group} ("sudo usermod -aG ${group} ${user}", then sign in again); give a container the ` +
    `device and the group with "--device ${node?.path ?? '/dev/dri'} --group-add ${group}".`
  );
}
