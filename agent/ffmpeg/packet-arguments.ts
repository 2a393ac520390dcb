/**
 * argv that copies the first packet behind each of these times (seconds from the film's start) of an H.264 stream to
 * stdout, one after the other in Annex B. With the codec known nothing need be decoded.
 */
export function packetArguments(options: {
  path: string;
  stream: number;
  times: readonly number[];
  /** Whether the header says all about the streams (MP4, Matroska). */
  complete: boolean;
}): string[] {
  const { path, stream, times, complete } = options;
  const probe = complete ? ['-probesize', '32', '-analyzeduration', '0'] : [];
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe'],
    ...times.flatMap((at) => [...probe, '-ss', at.toFixed(3), '-i', `file:${path}`]),
    ...times.flatMap((_, i) => ['-map', `${i}:${stream}`, '-c', 'copy', '-frames:v', '1', '-f', 'h264', 'pipe:1']),
  ];
}
