/**
 * Players that were seen to ask for the next part after a 206 that is shorter than what they asked for: Chromium,
 * libavformat (mpv, ffmpeg, Kodi) and VLC. Others take the end of a part for the end of the film: curl and wget leave
 * a short file and report success.
 */
const ASK_ON = /\bChrome\/|\blibmpv\b|\bLavf\/|\bVLC\//;

/** Whether a client may be answered with less than it asked for; `userAgent` is its header of that name. */
export function asksOn(userAgent: string | undefined): boolean {
  return ASK_ON.test(userAgent ?? '');
}
