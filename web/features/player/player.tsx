import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { itemQuery } from '../../app/queries.ts';
import { IconButton } from '../../ui/button.tsx';
import { cardLines } from '../../ui/item-words.ts';
import { ChapterMenu } from './chapter-menu.tsx';
import { filmChapters } from './chapters.ts';
import { Buffering, Failure, Opening } from './curtain.tsx';
import { useMediaSession } from './media-session.ts';
import { AudioMenu, audioChoices, SettingsMenu } from './menus.tsx';
import { NextCard } from './next-card.tsx';
import { Note } from './note.tsx';
import { HelpPanel, WhyPanel } from './panels.tsx';
import { CentreControls, PlayerBottomBar, PlayerTopBar } from './player-bars.tsx';
import { type QualityId, qualityChoices } from './quality.ts';
import { canPip, togglePip, useFullscreen, useRememberedVolume } from './screen.ts';
import { type SubtitleId, SubtitleMenu } from './subtitle-menu.tsx';
import { SubtitlesLayer } from './subtitles-layer.tsx';
import { TapLayer } from './tap-layer.tsx';
import { isElsewhere } from './trouble.ts';
import { useControlsShown } from './use-controls-shown.ts';
import { useEngine } from './use-engine.ts';
import { useNext } from './use-next.ts';
import { usePlayback } from './use-playback.ts';
import { usePlayerKeys } from './use-player-keys.ts';
import { useProgressReport } from './use-progress-report.ts';
import { useSubtitleLook } from './use-subtitle-look.ts';
import { useSubtitles } from './use-subtitles.ts';
import { useVideoState } from './use-video-state.ts';

/** The card of the next episode appears this long before the end. */
const NEXT_CARD_S = 20;

interface PlayerProps {
  itemId: string;
  copyId: string | null;
  startMs: number | null;
  /** The playlist that it is played from. */
  listId: string | null;
  /** A session on another device that goes on here. */
  replaces: string | null;
}

export function Player({ itemId, copyId, startMs, listId, replaces }: PlayerProps) {
  const router = useRouter();
  const item = useQuery(itemQuery(itemId)).data;
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const [panel, setPanel] = useState<'why' | 'help' | null>(null);
  const [menuOpen, setMenuOpen] = useState(false);
  const [chosenLevel, setChosenLevel] = useState<number | null>(null);
  const [chosenAudio, setChosenAudio] = useState<number | null>(null);
  const [staying, setStaying] = useState(false);

  const begin = { copyId, audioStream: null, subtitleStream: undefined, maxBitrate: null, converted: false };
  const first = { ...begin, startMs, replaces, note: null };
  const { playback, wish, position, playAgain, fail } = usePlayback(itemId, first);
  const answer = playback.phase === 'ready' ? playback.answer : null;
  const { engine, levels, level, outage, direct, allowDirect } = useEngine({ video, playback, wish, playAgain, fail });
  const state = useVideoState(video);
  const look = useSubtitleLook(itemId);
  const burned = answer?.plan.video[0]?.burnIn ?? null;
  const subtitles = useSubtitles(video, answer, { offset: look.offset, burned: burned !== null });
  const fullscreen = useFullscreen(video);
  const shownBitrate = levels.find((one) => one.index === level)?.bitrate ?? null;
  useProgressReport(video, answer?.sessionId ?? null, position, shownBitrate);
  useMediaSession(item, video);
  useRememberedVolume(video);

  const failed = playback.phase === 'failed';
  const started = state.seconds > 0 || (video?.readyState ?? 0) >= 2;
  const [held, setHeld] = useState(false);
  const { shown, wake, sleep } = useControlsShown(state.paused || menuOpen || held || panel !== null || failed);

  const duration = (answer?.durationMs ?? 0) > 0 ? (answer?.durationMs ?? 0) / 1000 : video?.duration || 0;
  const copy = item?.copies.find((one) => one.id === answer?.copyId);
  const chapters = copy ? filmChapters(copy.media.chapters, duration) : [];
  const audio = answer ? audioChoices(copy, answer.plan) : [];
  const defaultAudio =
    answer?.plan.audio.find((one) => one.default)?.stream ??
    answer?.plan.audio[0]?.stream ??
    copy?.media.audio.find((one) => one.default)?.index ??
    copy?.media.audio[0]?.index;
  const selectedAudio = chosenAudio ?? wish.audioStream ?? defaultAudio ?? -1;

  const commands = {
    togglePlay: () => (video?.paused ? void video.play().catch(() => {}) : video?.pause()),
    seekTo: (seconds: number) => {
      if (video) video.currentTime = Math.max(0, Math.min(seconds, Math.max(0, duration - 0.5)));
    },
    seekBy: (seconds: number) => commands.seekTo((video?.currentTime ?? 0) + seconds),
    setVolume: (volume: number) => {
      if (!video) return;
      video.volume = Math.max(0, Math.min(1, volume));
      video.muted = video.volume === 0;
    },
    toggleMute: () => {
      if (video) video.muted = !video.muted;
    },
    setRate: (rate: number) => {
      if (video) video.playbackRate = rate;
    },
    leave: () => {
      if (router.history.canGoBack()) router.history.back();
      else router.navigate({ to: '/item/$itemId', params: { itemId }, replace: true });
    },
  };
  usePlayerKeys(commands, {
    wake,
    duration,
    volume: state.volume,
    toggleFullscreen: fullscreen.toggle,
    toggleSubtitles: () => (burned === null ? subtitles.toggle() : chooseSubtitle(null)),
    toggleHelp: () => setPanel((open) => (open === 'help' ? null : 'help')),
    closeTop: () => {
      if (panel === null) return false;
      setPanel(null);
      return true;
    },
  });

  const chooseAudio = (stream: number) => {
    setChosenAudio(stream);
    if (!engine.current?.chooseAudio(stream)) playAgain({ audioStream: stream });
  };
  const chooseSubtitle = (id: SubtitleId) => {
    const [kind, value] = id?.split(':') ?? [];
    if (kind === 'picture') {
      playAgain({ subtitleStream: Number(value), ...(answer ? { copyId: answer.copyId } : {}) });
      return;
    }
    subtitles.choose(kind === 'text' ? Number(value) : null);
    if (burned !== null) playAgain({ subtitleStream: null });
  };
  const text = subtitles.choice === null ? null : (`text:${subtitles.choice}` as const);
  const selectedSubtitle = burned === null ? text : (`picture:${burned}` as const);
  const chooseQuality = (id: QualityId) => {
    const [kind, value] = id.split(':');
    const number = value === undefined ? null : Number(value);
    setChosenLevel(kind === 'level' ? number : null);
    if (kind === 'limit' || wish.maxBitrate !== null) playAgain({ maxBitrate: kind === 'limit' ? number : null });
    else engine.current?.chooseLevel(number);
  };
  const quality: QualityId =
    wish.maxBitrate !== null ? `limit:${wish.maxBitrate}` : chosenLevel !== null ? `level:${chosenLevel}` : 'auto';

  const next = useNext(item, listId);
  const secondsLeft = duration - state.seconds;
  const nextShown = next !== null && started && !staying && duration > 0 && (secondsLeft <= NEXT_CARD_S || state.ended);
  const playNext = () =>
    next &&
    router.navigate({
      to: '/play/$itemId',
      params: { itemId: next.id },
      search: listId === null ? {} : { list: listId },
      replace: true,
    });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end of the film is the event
  useEffect(() => {
    if (!state.ended || staying) return;
    if (next) playNext();
    else wake();
  }, [state.ended]);

  return (
    <div
      className={`fixed inset-0 overflow-hidden bg-black select-none ${shown ? '' : 'cursor-none'}`}
      onPointerMove={(event) => event.pointerType === 'mouse' && wake()}
    >
      <title>{item ? `${cardLines(item).title} · Hearthcast` : 'Hearthcast'}</title>
      {/* biome-ignore lint/a11y/useMediaCaption: the tracks are the film’s own, where it has any */}
      <video ref={setVideo} className="absolute inset-0 size-full" playsInline data-testid="player-video" />
      {!started && <Opening item={item} />}
      <SubtitlesLayer cues={subtitles.cues} raised={shown} size={look.size} />
      <TapLayer
        onToggleControls={() => (shown && !state.paused ? sleep() : wake())}
        onSeekBy={commands.seekBy}
        onTogglePlay={() => (panel === null ? commands.togglePlay() : setPanel(null))}
        onToggleFullscreen={fullscreen.toggle}
      />
      {!failed && (playback.phase === 'starting' || (state.waiting && (!state.paused || !started))) && (
        <Buffering outage={outage} place={playback.phase === 'starting' ? playback.place : undefined} />
      )}
      {failed ? (
        <Failure
          item={item}
          itemId={itemId}
          error={playback.error}
          onRetry={() => playAgain(isElsewhere(playback.error) ? { startMs: null } : {})}
        />
      ) : (
        <CentreControls state={state} shown={shown && started} commands={commands} />
      )}
      <div className={failed ? 'relative z-30' : ''}>
        <PlayerTopBar
          item={item}
          answer={answer}
          shown={shown}
          whyOpen={panel === 'why'}
          offer={direct?.asks === true}
          onWhy={() => setPanel((open) => (open === 'why' ? null : 'why'))}
          onLeave={commands.leave}
        />
      </div>
      {wish.note !== null && !failed && <Note key={wish.note} words={wish.note} />}
      {panel === 'why' && answer && (
        <WhyPanel
          answer={answer}
          copy={copy}
          height={levels.find((one) => one.index === level)?.height ?? null}
          direct={direct}
          onAllowDirect={allowDirect}
          onClose={() => setPanel(null)}
        />
      )}
      {panel === 'help' && <HelpPanel onClose={() => setPanel(null)} />}
      {nextShown && next && (
        <NextCard next={next} secondsLeft={secondsLeft} onPlay={playNext} onDismiss={() => setStaying(true)} />
      )}
      {!failed && (
        <PlayerBottomBar
          state={state}
          duration={duration}
          chapters={chapters}
          previews={answer?.trickplayUrl ?? null}
          shown={shown}
          onHold={(now) => {
            setHeld(now);
            wake();
          }}
          commands={commands}
          menus={
            <>
              <AudioMenu choices={audio} selected={selectedAudio} onChoose={chooseAudio} onOpenChange={setMenuOpen} />
              <SubtitleMenu
                plan={answer?.plan ?? null}
                selected={selectedSubtitle}
                offset={look.offset}
                size={look.size}
                onChoose={chooseSubtitle}
                onOffset={look.setOffset}
                onSize={look.setSize}
                onOpenChange={setMenuOpen}
              />
              <ChapterMenu
                itemId={itemId}
                chapters={chapters}
                seconds={state.seconds}
                onSeek={commands.seekTo}
                onOpenChange={setMenuOpen}
              />
              {answer && (
                <SettingsMenu
                  qualities={qualityChoices(answer.plan, levels, wish.maxBitrate, copy?.media.bitrate ?? null)}
                  quality={quality}
                  rate={state.rate}
                  onQuality={chooseQuality}
                  onRate={commands.setRate}
                  onOpenChange={setMenuOpen}
                />
              )}
              <IconButton
                icon="keyboard"
                label="Keys"
                className="max-lg:hidden"
                onClick={() => setPanel((open) => (open === 'help' ? null : 'help'))}
              />
              {canPip() && (
                <IconButton
                  icon="pip"
                  label="Picture in picture"
                  className="max-md:hidden"
                  onClick={() => video && togglePip(video)}
                />
              )}
              <IconButton
                icon={fullscreen.active ? 'fullscreen-exit' : 'fullscreen'}
                label={fullscreen.active ? 'Leave full screen' : 'Full screen'}
                onClick={fullscreen.toggle}
              />
            </>
          }
        />
      )}
    </div>
  );
}
