/** What ffmpeg's video encoders make, by the beginning of their names or by the name itself. */
const SOFTWARE: Record<string, 'h264' | 'hevc' | 'av1'> = {
  libx264: 'h264',
  libopenh264: 'h264',
  libx265: 'hevc',
  libsvtav1: 'av1',
};

/** The codec that ffmpeg's encoder of this name makes, or null for one of which nothing is known. */
export function codecOfEncoder(encoder: string): 'h264' | 'hevc' | 'av1' | null {
  const software = SOFTWARE[encoder];
  if (software) return software;
  const [, codec] = /^(h264|hevc|av1)_/.exec(encoder) ?? [];
  return (codec as 'h264' | 'hevc' | 'av1' | undefined) ?? null;
}

/** Whether an encoder is a chip of its own; ffmpeg names those for the chip (`h264_nvenc`, `hevc_vaapi`, …). */
export function isHardwareEncoder(encoder: string): boolean {
  return /^(h264|hevc|av1)_/.test(encoder);
}
