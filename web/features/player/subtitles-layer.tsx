import { useEffect, useRef } from 'react';

/** A cue that asks for the upper part of the picture. */
const isHigh = (cue: VTTCue) =>
  typeof cue.line === 'number' && (cue.snapToLines ? cue.line >= 0 && cue.line < 5 : cue.line < 50);

interface SubtitlesLayerProps {
  cues: readonly VTTCue[];
  raised: boolean;
  /** As a factor of the usual size. */
  size: number;
}

/** The cues of the moment, above the controls while these are shown. */
export function SubtitlesLayer({ cues, raised, size }: SubtitlesLayerProps) {
  const high = cues.filter(isHigh);
  const low = cues.filter((cue) => !isHigh(cue));
  return (
    <div
      data-testid="subtitles"
      className="pointer-events-none absolute inset-0 m-auto flex aspect-video max-h-full w-full flex-col justify-between px-[6%] text-center leading-snug font-medium"
      style={{ fontSize: `calc(clamp(1.05rem, 2.7vw, 2.4rem) * ${size})` }}
    >
      <div className="pt-[6%]">
        {high.map((cue) => (
          <Cue key={`${cue.startTime}/${cue.text}`} cue={cue} />
        ))}
      </div>
      <div className={`transition-[padding] duration-300 ${raised ? 'pb-[4.5%] landscape:pb-32' : 'pb-[4.5%]'}`}>
        {low.map((cue) => (
          <Cue key={`${cue.startTime}/${cue.text}`} cue={cue} />
        ))}
      </div>
    </div>
  );
}

function Cue({ cue }: { cue: VTTCue }) {
  const box = useRef<HTMLSpanElement>(null);
  useEffect(() => box.current?.replaceChildren(cue.getCueAsHTML()), [cue]);
  return (
    <p className="mt-1">
      <span
        ref={box}
        className="box-decoration-clone rounded-md bg-black/55 px-[0.4em] py-[0.08em] whitespace-pre-line [text-shadow:0_0_4px_#000,0_1px_2px_#000]"
      />
    </p>
  );
}
