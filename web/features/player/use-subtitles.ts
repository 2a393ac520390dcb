import { useEffect, useRef, useState } from 'react';
import type { PlayAnswer } from '../../../shared/api/playback.ts';
import { readVtt, type VttCue } from '../../../shared/media/web-vtt.ts';
import { toTextTrackCue } from './cue.ts';
import { initialSubtitle } from './subtitle-choice.ts';
import { rememberedSubtitle, rememberSubtitle } from './subtitle-preferences.ts';
import { useAss } from './use-ass.ts';
import { WindowedCues } from './windowed-cues.ts';

/** One for each element: a text track that was added to it can never be taken away again. */
const tracks = new WeakMap<HTMLVideoElement, TextTrack>();

function trackOf(video: HTMLVideoElement): TextTrack {
  const track = tracks.get(video) ?? video.addTextTrack('subtitles', 'Hearthcast');
  tracks.set(video, track);
  return track;
}

interface Options {
  /** Seconds by which the subtitles come later. */
  offset: number;
  /** The picture carries subtitles already. */
  burned: boolean;
}

/** Which text track is on (its place in the plan, null is off) and the cues to show now. */
export function useSubtitles(video: HTMLVideoElement | null, answer: PlayAnswer | null, { offset, burned }: Options) {
  const [choice, setChoice] = useState<number | null>(null);
  const [cues, setCues] = useState<readonly VTTCue[]>([]);
  const [lastOn, setLastOn] = useState(0);
  /** What was chosen by hand, so that playing again in another quality keeps it. */
  const chosen = useRef<{ copyId: string; stream: number | null } | null>(null);

  useEffect(() => {
    if (answer === null) return;
    const { subtitles } = answer.plan;
    const kept = chosen.current?.copyId === answer.copyId ? chosen.current : null;
    const at = kept ? subtitles.findIndex(({ stream }) => stream === kept.stream) : -1;
    if (burned || kept?.stream === null) setChoice(null);
    else setChoice(at >= 0 ? at : initialSubtitle(subtitles, rememberedSubtitle()));
  }, [answer, burned]);

  const drawn = useAss(video, answer, choice, offset);

  useEffect(() => {
    setCues([]);
    const url = choice === null ? undefined : answer?.subtitleUrls[choice];
    if (video === null || url === undefined || drawn) return;
    const stop = new AbortController();
    const { signal } = stop;
    const track = trackOf(video);
    // Hidden tracks are followed, and drawn by us: above the controls and in our letters.
    track.mode = 'hidden';
    const windows = new WindowedCues({
      fetch: (window) => fetchWindow(url.replace(/\.vtt$/, `/${window}.vtt`), signal),
      add: (fresh) => {
        if (!signal.aborted) for (const cue of fresh) track.addCue(toTextTrackCue(cue, offset));
      },
      now: () => performance.now(),
    });
    const follow = () => windows.at(video.currentTime - offset);
    video.addEventListener('timeupdate', follow, { signal });
    video.addEventListener('seeking', follow, { signal });
    follow();
    track.addEventListener('cuechange', () => setCues([...(track.activeCues ?? [])] as VTTCue[]), { signal });
    // On a phone's own full screen only the system draws.
    const show = (mode: TextTrackMode) => () => {
      track.mode = mode;
    };
    video.addEventListener('webkitbeginfullscreen', show('showing'), { signal });
    video.addEventListener('webkitendfullscreen', show('hidden'), { signal });
    return () => {
      stop.abort();
      for (const cue of [...(track.cues ?? [])]) track.removeCue(cue);
      track.mode = 'disabled';
    };
  }, [video, answer, choice, offset, drawn]);

  const choose = (next: number | null) => {
    setChoice(next);
    if (next !== null) setLastOn(next);
    const track = next === null ? null : (answer?.plan.subtitles[next] ?? null);
    if (answer) chosen.current = { copyId: answer.copyId, stream: track?.stream ?? null };
    rememberSubtitle(next === null ? 'off' : (track?.language ?? ''));
  };
  const toggle = () => {
    const count = answer?.plan.subtitles.length ?? 0;
    if (choice !== null) choose(null);
    else if (count > 0) choose(Math.min(lastOn, count - 1));
  };
  return { choice, choose, toggle, cues };
}

async function fetchWindow(url: string, signal: AbortSignal): Promise<VttCue[]> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`subtitles: ${response.status}`);
  return readVtt(await response.text());
}
