import type { ServerEvent } from '../../../shared/api/events.ts';

/** What a player must hear of at once. */
export type PlaybackEvent = Extract<ServerEvent, { topic: 'playback.state.changed' | 'playback.queue.moved' }>;

type Listener = (event: PlaybackEvent) => void;

const listeners = new Set<Listener>();

/** Calls back with each event of playback until the signal. */
export function onPlaybackEvent(listener: Listener, signal: AbortSignal): void {
  listeners.add(listener);
  signal.addEventListener('abort', () => listeners.delete(listener), { once: true });
}

export function notePlaybackEvent(event: PlaybackEvent): void {
  for (const listener of [...listeners]) listener(event);
}
