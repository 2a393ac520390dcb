/**
 * Profiles by ffmpeg's names, in the order in which a decoder of one takes those before it: not what the standards
 * promise of each pair, but what decoders do.
 */
const RANKS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  h264: [
    ['constrained baseline', 'baseline'],
    ['main'],
    ['high', 'constrained high', 'progressive high'],
    ['high 10', 'high 10 intra', 'progressive high 10'],
  ],
  hevc: [['main', 'main still picture'], ['main 10']],
  av1: [['main']],
  vp9: [['profile 0'], ['profile 2']],
};

/** Profiles of 4:2:2, 4:4:4 or tools that no decoder takes who says no more than that it takes the codec. */
const RARE_PROFILES: Readonly<Record<string, RegExp>> = {
  h264: /^(High 4:|CAVLC 4:4:4|Extended|Stereo|Multiview)/,
  hevc: /^(Rext|Main 4:|Multiview|Screen)/i,
  av1: /^(High|Professional)/,
  vp9: /^Profile [13]/,
};

/** H.264 as it is encoded, best first. */
const MADE_H264 = ['High', 'Main', 'Constrained Baseline'] as const;
export type MadeH264 = (typeof MADE_H264)[number];

/** What a client says of a codec: the profiles that it takes, or nothing, which is those that all decoders take. */
interface Known {
  codec: string;
  profiles?: readonly string[] | undefined;
}

export function takesProfile({ codec, profiles }: Known, profile: string): boolean {
  if (!profiles) return !RARE_PROFILES[codec]?.test(profile);
  const wanted = profile.toLowerCase();
  const listed = profiles.map((name) => name.toLowerCase());
  const ranks = RANKS[codec] ?? [];
  const rankOf = (name: string) => ranks.findIndex((names) => names.includes(name));
  const rank = rankOf(wanted);
  return listed.includes(wanted) || (rank >= 0 && listed.some((name) => rankOf(name) >= rank));
}

/** The best profile of H.264 that an encoder makes and the client takes; Baseline for those who list none of them. */
export function madeH264(support: Known): MadeH264 {
  return MADE_H264.find((profile) => takesProfile(support, profile)) ?? 'Constrained Baseline';
}
