import type { ReactNode } from 'react';
import type { ItemDetail } from '../../../shared/api/items.ts';
import type { PlayAnswer } from '../../../shared/api/playback.ts';
import { IconButton } from '../../ui/button.tsx';
import { clock } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { cardLines } from '../../ui/item-words.ts';
import type { FilmChapter } from './chapters.ts';
import { MODE_WORDS } from './plan-words.ts';
import { SeekBar } from './seek-bar.tsx';
import type { VideoState } from './use-video-state.ts';
import { Volume } from './volume.tsx';

/** What the controls can ask for. Seconds are of the film. */
export interface Commands {
  togglePlay(): void;
  seekTo(seconds: number): void;
  seekBy(seconds: number): void;
  setVolume(volume: number): void;
  toggleMute(): void;
  leave(): void;
}

const BAR = 'absolute inset-x-0 z-10 transition duration-300';

interface TopBarProps {
  item: ItemDetail | undefined;
  answer: PlayAnswer | null;
  shown: boolean;
  whyOpen: boolean;
  /** There is something in it that the viewer may choose. */
  offer: boolean;
  onWhy(): void;
  onLeave(): void;
}

export function PlayerTopBar({ item, answer, shown, whyOpen, offer, onWhy, onLeave }: TopBarProps) {
  const lines = item && cardLines(item);
  return (
    <header
      className={`${BAR} top-0 flex items-center gap-3 bg-linear-to-b from-black/80 to-transparent px-3 pt-[max(0.75rem,env(safe-area-inset-top))] pb-12 md:px-6 md:pt-5 ${shown ? '' : 'pointer-events-none -translate-y-3 opacity-0'}`}
    >
      <IconButton icon="back" label="Leave the player" onClick={onLeave} />
      <div className="min-w-0 flex-1">
        <h1 className="truncate text-lg leading-tight font-semibold">{lines?.title}</h1>
        {item?.kind === 'episode' && <p className="truncate text-sm text-sand">{lines?.line}</p>}
      </div>
      {answer && (
        <button
          type="button"
          onClick={onWhy}
          aria-expanded={whyOpen}
          data-testid="why"
          className="flex h-9 shrink-0 items-center gap-2 rounded-full bg-cream/10 px-3.5 text-sm font-medium backdrop-blur-md transition-colors hover:bg-cream/20"
        >
          <Icon name="info" className="size-4" />
          {MODE_WORDS[answer.plan.mode].name}
          {offer && !whyOpen && (
            <>
              <span className="size-2 rounded-full bg-amber" aria-hidden="true" />
              <span className="sr-only">, this film could come straight from its machine</span>
            </>
          )}
        </button>
      )}
    </header>
  );
}

function SkipButton({ seconds, large = false, onSkip }: { seconds: number; large?: boolean; onSkip: () => void }) {
  const back = seconds < 0;
  return (
    <button
      type="button"
      aria-label={`${back ? 'Back' : 'On'} ${Math.abs(seconds)} seconds`}
      title={`${back ? 'Back' : 'On'} ${Math.abs(seconds)} s`}
      onClick={onSkip}
      className={`relative grid place-items-center rounded-full text-cream/85 transition hover:bg-cream/12 hover:text-cream active:scale-95 ${large ? 'size-14' : 'size-11'}`}
    >
      <Icon name="restart" className={`${large ? 'size-10' : 'size-7'} stroke-[1.4] ${back ? '' : '-scale-x-100'}`} />
      <span className={`absolute font-bold ${large ? 'text-[0.7rem]' : 'text-[0.53rem]'}`}>{Math.abs(seconds)}</span>
    </button>
  );
}

interface BottomBarProps {
  /** The line is held, or let go. */
  onHold(held: boolean): void;
  state: VideoState;
  duration: number;
  chapters: readonly FilmChapter[];
  previews: string | null;
  shown: boolean;
  commands: Commands;
  menus: ReactNode;
}

export function PlayerBottomBar({
  state,
  duration,
  chapters,
  previews,
  shown,
  commands,
  menus,
  onHold,
}: BottomBarProps) {
  return (
    <footer
      className={`${BAR} bottom-0 bg-linear-to-t from-black/85 via-black/50 to-transparent px-4 pt-16 pb-[max(0.75rem,env(safe-area-inset-bottom))] md:px-7 md:pb-4 ${shown ? '' : 'pointer-events-none translate-y-3 opacity-0'}`}
    >
      <SeekBar {...{ state, duration, chapters, previews, onHold }} onSeek={commands.seekTo} />
      <div className="mt-1 flex items-center gap-1">
        <div className="flex items-center gap-1 max-md:hidden">
          <IconButton
            icon={state.paused ? 'play' : 'pause'}
            label={state.paused ? 'Play' : 'Pause'}
            onClick={commands.togglePlay}
          />
          <SkipButton seconds={-10} onSkip={() => commands.seekBy(-10)} />
          <SkipButton seconds={10} onSkip={() => commands.seekBy(10)} />
        </div>
        <Volume state={state} onVolume={commands.setVolume} onMute={commands.toggleMute} />
        <p className="ml-1 text-sm whitespace-nowrap tabular-nums md:ml-2">
          {clock(state.seconds * 1000)}
          <span className="text-cream/55"> / {clock(duration * 1000)}</span>
        </p>
        <div className="ml-auto flex items-center">{menus}</div>
      </div>
    </footer>
  );
}

/** On a phone the main controls are large and in the middle. */
export function CentreControls({ state, shown, commands }: Pick<BottomBarProps, 'state' | 'shown' | 'commands'>) {
  return (
    <div
      className={`pointer-events-none absolute inset-0 z-10 flex items-center justify-center gap-8 transition-opacity duration-300 md:hidden ${shown ? '' : 'opacity-0'}`}
    >
      <div className={`flex items-center gap-8 ${shown ? 'pointer-events-auto' : ''}`}>
        <SkipButton seconds={-10} large onSkip={() => commands.seekBy(-10)} />
        <button
          type="button"
          aria-label={state.paused ? 'Play' : 'Pause'}
          onClick={commands.togglePlay}
          className="grid size-18 place-items-center rounded-full bg-coal/55 backdrop-blur-md active:scale-95"
        >
          {!(state.waiting && !state.paused) && <Icon name={state.paused ? 'play' : 'pause'} className="size-8" />}
        </button>
        <SkipButton seconds={10} large onSkip={() => commands.seekBy(10)} />
      </div>
    </div>
  );
}
