/** ffprobe's list of what is attached to a file, as JSON. */
export function fontListArguments(path: string): string[] {
  return [
    ...['-v', 'error', '-protocol_whitelist', 'file', '-select_streams', 't'],
    ...['-show_entries', 'stream=index:stream_tags=filename', '-of', 'json', `file:${path}`],
  ];
}

/** One attachment on stdout, by its stream's index. ffmpeg wants an output besides: `stream`, nothing of it. */
export function fontArguments(options: { path: string; font: number; stream: number }): string[] {
  const { path, font, stream } = options;
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe'],
    ...[`-dump_attachment:${font}`, 'pipe:1', '-i', `file:${path}`],
    ...['-map', `0:${stream}`, '-c', 'copy', '-t', '0', '-f', 'null', '-'],
  ];
}
