import type { PlayAnswer } from '../../../shared/api/playback.ts';
import type { DirectRoute } from './direct/direct-route.ts';
import type { Engine, EngineEvents } from './engine.ts';
import { hlsEngine } from './hls-engine.ts';
import { nativeEngine } from './native-engine.ts';

/** Puts what the server answered into the element, from `startMs` on. */
export async function startEngine(
  video: HTMLVideoElement,
  answer: PlayAnswer,
  startMs: number,
  events: EngineEvents,
  route: DirectRoute,
): Promise<Engine> {
  if (answer.delivery === 'hls') {
    const engine = await hlsEngine(video, answer, startMs, events, route);
    if (engine !== null) return engine;
  }
  return nativeEngine(video, answer, startMs, events, route);
}
