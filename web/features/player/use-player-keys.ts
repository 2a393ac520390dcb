import { useEffect, useRef } from 'react';
import { keyAction, type PlayerAction } from './keys.ts';
import type { Commands } from './player-bars.tsx';

interface KeyDeps {
  wake(): void;
  duration: number;
  volume: number;
  toggleFullscreen(): void;
  toggleSubtitles(): void;
  toggleHelp(): void;
  /** Closes what lies on top; false when there is nothing. */
  closeTop(): boolean;
}

function act(action: PlayerAction, commands: Commands, deps: KeyDeps): void {
  switch (action.do) {
    case 'toggle-play':
      commands.togglePlay();
      return;
    case 'seek-by':
      commands.seekBy(action.seconds);
      return;
    case 'seek-to':
      commands.seekTo(action.fraction * deps.duration);
      return;
    case 'volume-by':
      commands.setVolume(deps.volume + action.step);
      return;
    case 'toggle-mute':
      commands.toggleMute();
      return;
    case 'toggle-fullscreen':
      deps.toggleFullscreen();
      return;
    case 'toggle-subtitles':
      deps.toggleSubtitles();
      return;
    case 'toggle-help':
      deps.toggleHelp();
      return;
    case 'leave':
      if (!deps.closeTop()) commands.leave();
      return;
    default:
      action satisfies never;
  }
}

/** The keyboard of the whole page; space and arrows stay with a button or slider that has the focus. */
export function usePlayerKeys(commands: Commands, deps: KeyDeps): void {
  const latest = useRef({ commands, deps });
  latest.current = { commands, deps };
  useEffect(() => {
    const stop = new AbortController();
    document.addEventListener(
      'keydown',
      (event) => {
        const { commands, deps } = latest.current;
        const target = event.target instanceof HTMLElement ? event.target : null;
        if (event.defaultPrevented) return;
        if (event.key === ' ' && target?.closest('button,a')) return;
        if (event.key.startsWith('Arrow') && target?.closest('input,[data-panel]')) return;
        const action = keyAction(event);
        if (action === null) return;
        event.preventDefault();
        deps.wake();
        act(action, commands, deps);
      },
      { signal: stop.signal },
    );
    return () => stop.abort();
  }, []);
}
