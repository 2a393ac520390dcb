/** How a chip behaves that is not there. */
export type Fate =
  /** The driver refuses to begin. */
  | { kind: 'refuses'; said: string }
  /** It makes some pictures, then ffmpeg fails. */
  | { kind: 'breaks'; frames: number }
  /** It makes some pictures, then nothing more, and never ends. */
  | { kind: 'hangs'; frames: number }
  /** It has this many sessions, counted in a folder. */
  | { kind: 'works'; sessions?: { most: number; dir: string } };

/**
 * A script for `wrappedFfmpeg` that stands in for NVENC: the pictures are the processor's, with everything that names
 * the chip taken out of the arguments. `only` narrows the fate to whole ways or to encoding alone; the other works.
 */
export function fakeChip(fate: Fate, only: 'whole' | 'all' = 'all'): string {
  return `
chip= whole=
for a in "$@"; do
  case "$a" in *_nvenc) chip=1 ;; -noautorotate) whole=1 ;; esac
done
if [ -n "$chip" ]; then
  n=$#
  while [ $n -gt 0 ]; do
    a=$1; shift; n=$((n - 1))
    case "$a" in
      h264_nvenc) set -- "$@" libx264 ;;
      hevc_nvenc) set -- "$@" libx265 ;;
      -init_hw_device | -filter_hw_device | -hwaccel | -hwaccel_device | -hwaccel_output_format | -extra_hw_frames | \\
      -rc | -cq | -forced-idr | -no-scenecut | -preset) shift; n=$((n - 1)) ;;
      settb=*)
        set -- "$@" "$(printf %s "$a" | sed 's/format=nv12|p010le|cuda,hwupload/null/; s/scale_cuda=\\([0-9:]*\\):format=nv12/scale=\\1,format=yuv420p/')" ;;
      *) set -- "$@" "$a" ;;
    esac
  done
  set -- -threads 1 "$@"
  ${only === 'whole' ? '[ -n "$whole" ] || exec /usr/bin/ffmpeg "$@"' : ''}
  ${does(fate)}
fi`;
}

function does(fate: Fate): string {
  const some = (frames: number) => `
  n=$#
  while [ $n -gt 0 ]; do
    a=$1; shift; n=$((n - 1))
    if [ "$a" = pipe:1 ]; then set -- "$@" -frames:v ${frames}; fi
    set -- "$@" "$a"
  done
  /usr/bin/ffmpeg "$@"`;
  switch (fate.kind) {
    case 'refuses':
      return `echo '${fate.said}' >&2; exit 1`;
    case 'breaks':
      return `${some(fate.frames)}\n  echo 'CUDA_ERROR_LAUNCH_FAILED' >&2\n  exit 1`;
    case 'hangs':
      return `${some(fate.frames)}\n  exec sleep 600`;
    case 'works':
      return fate.sessions ? counted(fate.sessions) : 'exec /usr/bin/ffmpeg "$@"';
    default:
      return fate satisfies never;
  }
}

/** A session is a folder: made at the beginning, or the driver says that there are no more. It is never given back. */
function counted({ most, dir }: { most: number; dir: string }): string {
  const slots = Array.from({ length: most }, (_, i) => `mkdir '${dir}/${i}' 2>/dev/null`).join(' || ');
  return `${slots} || { echo 'OpenEncodeSessionEx failed: out of memory (10): (no details)' >&2; exit 1; }
  exec /usr/bin/ffmpeg "$@"`;
}
