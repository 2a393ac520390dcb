import type { Level } from './quality.ts';
import type { Outage, Trouble } from './trouble.ts';

export interface EngineEvents {
  /** The element can be told to play. */
  onReady(): void;
  onLevels(levels: readonly Level[]): void;
  /** The rendition that is shown now. */
  onLevel(index: number): void;
  onTrouble(trouble: Trouble): void;
  /** The film is asked for again and again; null when it comes. What is buffered plays meanwhile. */
  onOutage(outage: Outage | null): void;
}

/** What feeds the video element. */
export interface Engine {
  /** Changes the audio track within the stream; false where the film must be played again for it. */
  chooseAudio(stream: number): boolean;
  /** Null lets the engine choose. */
  chooseLevel(index: number | null): void;
  /** Asks again after the network was gone. */
  retry(): void;
  close(): void;
}
