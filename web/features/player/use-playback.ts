import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { PlayAnswer, type PlayRequest } from '../../../shared/api/playback.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { placeWords } from '../../../shared/queue-words.ts';
import { api } from '../../app/api.ts';
import { deviceName } from '../auth/device-name.ts';
import { browserSupports } from './browser-supports.ts';
import { deviceProfile, withoutFiles } from './device-profile.ts';
import { onPlaybackEvent } from './playback-events.ts';
import { rememberedSubtitle } from './subtitle-preferences.ts';

/**
 * Who waits for a free machine asks this often, and at once when the server says that it is his turn; the place is
 * lost after fifteen seconds without a question.
 */
const QUEUE_ASK_MS = 4000;

const BUSY = 'Every machine that could play this is busy.';

/** What the viewer wants of a film. */
export interface Wish {
  copyId: string | null;
  audioStream: number | null;
  maxBitrate: number | null;
  /** Subtitles that are pictures, to be painted into the film; null is none, undefined those that belong to it. */
  subtitleStream: number | null | undefined;
  /** Never as a file: this browser failed to play it. */
  converted: boolean;
  /** Null is where the viewer stopped. */
  startMs: number | null;
  /** A session on another device that goes on here. */
  replaces: string | null;
  /** Why the film was begun again, where its viewer should know. */
  note: string | null;
}

export type Playback =
  /** `place`: every machine is busy, and this is what the server says of the queue. */
  | { phase: 'starting'; place?: string }
  | { phase: 'ready'; answer: PlayAnswer; startMs: number }
  | { phase: 'failed'; error: unknown };

/** The text that will be shown, as it was the last time. */
function shownLanguage(): Pick<PlayRequest, 'subtitleLanguage'> {
  const subtitleLanguage = rememberedSubtitle();
  return subtitleLanguage && subtitleLanguage !== 'off' ? { subtitleLanguage } : {};
}

function requestOf(wish: Wish): PlayRequest {
  const profile = deviceProfile(browserSupports(), deviceName(navigator.userAgent));
  return {
    profile: wish.converted ? withoutFiles(profile) : profile,
    ...(wish.copyId === null ? {} : { copyId: wish.copyId }),
    ...(wish.audioStream === null ? {} : { audioStream: wish.audioStream }),
    ...(wish.subtitleStream === undefined ? shownLanguage() : { subtitleStream: wish.subtitleStream }),
    ...(wish.maxBitrate === null ? {} : { maxBitrate: wish.maxBitrate }),
    ...(wish.startMs === null ? {} : { startMs: Math.round(wish.startMs) }),
    ...(wish.replaces === null ? {} : { replaces: wish.replaces }),
  };
}

/**
 * One session at a time for an item: begins it, ends it with the place that was reached when another begins or the
 * player closes. A session whose answer comes too late is ended as well.
 */
export function usePlayback(itemId: string, first: Wish) {
  const [{ wish, attempt }, setWish] = useState({ wish: first, attempt: 0 });
  const [playback, setPlayback] = useState<Playback>({ phase: 'starting' });
  /** Where the film is, in ms; null until it is known. */
  const position = useRef<number | null>(first.startMs);
  const queries = useQueryClient();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the attempt is what begins a session
  useEffect(() => {
    let over = false;
    let session: string | null = null;
    const reached = () => ({ positionMs: Math.max(0, Math.round(position.current ?? 0)) });
    const end = (id: string, body = reached()) => {
      api.command(`/sessions/${id}/stop`, { method: 'POST', body, keepalive: true }).then(
        () => {
          for (const key of [['item'], ['home'], ['children']]) queries.invalidateQueries({ queryKey: key });
        },
        () => {
          // The lease ends it in a minute and a half.
        },
      );
    };
    setPlayback({ phase: 'starting' });
    let again: ReturnType<typeof setTimeout> | undefined;
    const begin = () => {
      again = undefined;
      api.request(PlayAnswer, `/items/${itemId}/play`, { method: 'POST', body: requestOf(wish) }).then(
        (answer) => {
          session = answer.sessionId;
          const startMs = wish.startMs ?? answer.resumeMs;
          position.current ??= startMs;
          if (over) return end(session);
          setPlayback({ phase: 'ready', answer, startMs });
        },
        (error: unknown) => {
          if (over) return;
          if (!(error instanceof HearthcastError && error.code === 'capacity-full')) {
            return setPlayback({ phase: 'failed', error });
          }
          setPlayback({ phase: 'starting', place: error.message });
          again = setTimeout(begin, QUEUE_ASK_MS);
        },
      );
    };
    begin();
    const stop = new AbortController();
    onPlaybackEvent((event) => {
      if (event.topic === 'playback.queue.moved') {
        if (session !== null || event.itemId !== itemId) return;
        setPlayback({ phase: 'starting', place: `${BUSY} ${placeWords(event.place)}` });
        if (!event.go || again === undefined) return;
        clearTimeout(again);
        again = undefined;
        begin();
      } else if (event.state === 'ended' && event.sessionId === session && event.note !== undefined) {
        const code = event.elsewhere ? 'session-elsewhere' : 'session-stopped';
        setPlayback({ phase: 'failed', error: new HearthcastError(code, event.note) });
      }
    }, stop.signal);
    return () => {
      over = true;
      stop.abort();
      clearTimeout(again);
      const [last, body] = [session, reached()];
      // After its player has been put away: what that still asks for would be refused as gone.
      if (last !== null) setTimeout(() => end(last, body), 0);
    };
  }, [itemId, attempt]);

  const playAgain = useCallback((change: Partial<Wish>) => {
    setWish((before) => ({
      wish: { ...before.wish, startMs: position.current, replaces: null, note: null, ...change },
      attempt: before.attempt + 1,
    }));
  }, []);
  const fail = useCallback((error: unknown) => setPlayback({ phase: 'failed', error }), []);

  return { playback, wish, position, playAgain, fail };
}
