import { useEffect, useState } from 'react';
import type { PlayAnswer } from '../../../shared/api/playback.ts';
import { initialSubtitle } from './subtitle-choice.ts';

const KEY = 'hearthcast.subtitles';

/** Which text track is on (its place in the plan, null is off) and the cues to show now. */
export function useSubtitles(video: HTMLVideoElement | null, answer: PlayAnswer | null) {
  const [choice, setChoice] = useState<number | null>(null);
  const [cues, setCues] = useState<readonly VTTCue[]>([]);
  const [lastOn, setLastOn] = useState(0);

  useEffect(() => {
    if (answer !== null) setChoice(initialSubtitle(answer.plan.subtitles, localStorage.getItem(KEY)));
  }, [answer]);

  useEffect(() => {
    setCues([]);
    if (video === null || answer === null) return;
    const stop = new AbortController();
    for (const [index, element] of [...video.querySelectorAll('track')].entries()) {
      // Hidden tracks are loaded and followed, and drawn by us: above the controls and in our letters.
      element.track.mode = index === choice ? 'hidden' : 'disabled';
      if (index !== choice) continue;
      const read = () => setCues([...(element.track.activeCues ?? [])] as VTTCue[]);
      element.track.addEventListener('cuechange', read, { signal: stop.signal });
      read();
      // On a phone's own full screen only the system draws.
      video.addEventListener(
        'webkitbeginfullscreen',
        () => {
          element.track.mode = 'showing';
        },
        { signal: stop.signal },
      );
      video.addEventListener(
        'webkitendfullscreen',
        () => {
          element.track.mode = 'hidden';
        },
        { signal: stop.signal },
      );
    }
    return () => stop.abort();
  }, [video, answer, choice]);

  const choose = (next: number | null) => {
    setChoice(next);
    if (next !== null) setLastOn(next);
    const language = next === null ? 'off' : (answer?.plan.subtitles[next]?.language ?? '');
    localStorage.setItem(KEY, language);
  };
  const toggle = () => {
    const count = answer?.plan.subtitles.length ?? 0;
    if (choice !== null) choose(null);
    else if (count > 0) choose(Math.min(lastOn, count - 1));
  };
  return { choice, choose, toggle, cues };
}
