import type { CSSProperties } from 'react';
import { IconButton } from '../../ui/button.tsx';
import type { VideoState } from './use-video-state.ts';

interface VolumeProps {
  state: Pick<VideoState, 'volume' | 'muted'>;
  onVolume(volume: number): void;
  onMute(): void;
}

/** Loudness; the slider opens beside the button. Phones have keys for it, and no slider. */
export function Volume({ state, onVolume, onMute }: VolumeProps) {
  const volume = state.muted ? 0 : state.volume;
  const fill = { '--fill': `${volume * 100}%` } as CSSProperties;
  return (
    <div className="group/volume flex items-center max-md:hidden">
      <IconButton
        icon={volume === 0 ? 'muted' : volume < 0.5 ? 'volume-low' : 'volume'}
        label={volume === 0 ? 'Sound on' : 'Mute'}
        onClick={onMute}
      />
      <input
        type="range"
        min={0}
        max={1}
        step={0.02}
        value={volume}
        aria-label="Volume"
        onChange={(event) => onVolume(Number(event.target.value))}
        style={fill}
        className="range w-0 cursor-pointer opacity-0 transition-all duration-300 group-focus-within/volume:mx-2 group-focus-within/volume:w-24 group-focus-within/volume:opacity-100 group-hover/volume:mx-2 group-hover/volume:w-24 group-hover/volume:opacity-100"
      />
    </div>
  );
}
