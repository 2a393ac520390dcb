import { useCallback, useEffect, useRef, useState } from 'react';
import type { DirectRoute, DirectState } from './direct/direct-route.ts';
import { openRoute, rememberAllowed } from './direct/open-route.ts';
import type { Engine, EngineEvents } from './engine.ts';
import type { Level } from './quality.ts';
import { startEngine } from './start-engine.ts';
import { mayReplay, type Outage, type Trouble } from './trouble.ts';
import type { Playback, Wish } from './use-playback.ts';

interface EngineDeps {
  video: HTMLVideoElement | null;
  playback: Playback;
  wish: Wish;
  playAgain(change: Partial<Wish>): void;
  fail(error: unknown): void;
}

/** Feeds the element with what the session offers, and acts on what goes wrong before a person has to. */
export function useEngine({ video, playback, wish, playAgain, fail }: EngineDeps) {
  const engine = useRef<Engine | null>(null);
  const lastReplayAt = useRef<number | null>(null);
  const [levels, setLevels] = useState<readonly Level[]>([]);
  const [level, setLevel] = useState<number | null>(null);
  const [outage, setOutage] = useState<Outage | null>(null);
  const [direct, setDirect] = useState<DirectState | null>(null);
  const route = useRef<DirectRoute | null>(null);
  const ready = playback.phase === 'ready' ? playback : null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: one engine per session and element
  useEffect(() => {
    if (video === null || ready === null) return;
    let over = false;
    const onTrouble = (trouble: Trouble) => {
      if (over) return;
      if (trouble.kind === 'failed') return fail(trouble.error);
      if (trouble.kind === 'other-copy' && mayReplay(lastReplayAt.current, Date.now())) {
        lastReplayAt.current = Date.now();
        return playAgain({ copyId: null, note: trouble.note });
      }
      const converted = wish.converted || trouble.kind === 'undecodable';
      const now = Date.now();
      const allowed = trouble.kind === 'undecodable' ? !wish.converted : mayReplay(lastReplayAt.current, now);
      if (!allowed) {
        const why = trouble.kind === 'ended' ? 'The session has ended.' : 'This browser cannot play what it was sent.';
        return fail(new Error(why));
      }
      lastReplayAt.current = now;
      playAgain({ converted });
    };
    setLevels([]);
    setLevel(null);
    setOutage(null);
    setDirect(null);
    const opened = openRoute(ready.answer, (state) => over || setDirect(state));
    route.current = opened;
    const events: EngineEvents = {
      onReady: () => over || video.play().catch(() => {}),
      onLevels: (found) => over || setLevels(found),
      onLevel: (index) => over || setLevel(index),
      onTrouble,
      onOutage: (found) => over || setOutage(found),
    };
    startEngine(video, ready.answer, ready.startMs, events, opened).then(
      (started) => {
        if (over) started.close();
        else engine.current = started;
      },
      (error: unknown) => over || fail(error),
    );
    return () => {
      over = true;
      engine.current?.close();
      engine.current = null;
      opened.close();
      route.current = null;
    };
  }, [video, ready?.answer]);

  useEffect(() => {
    const stop = new AbortController();
    window.addEventListener('online', () => engine.current?.retry(), { signal: stop.signal });
    return () => stop.abort();
  }, []);

  const allowDirect = useCallback(() => {
    rememberAllowed();
    route.current?.allow();
  }, []);

  return { engine, levels, level, outage, direct, allowDirect };
}
