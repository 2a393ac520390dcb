import type { ReactNode } from 'react';
import type { ItemCopy } from '../../../shared/api/items.ts';
import type { PlayAnswer } from '../../../shared/api/playback.ts';
import { type Choice, ChoiceList } from '../../ui/choice-list.tsx';
import { languageName } from '../../ui/format.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { Popover } from '../../ui/popover.tsx';
import { audioName, channelsName, codecName, subtitleName } from '../item/media-words.ts';
import type { QualityId } from './quality.ts';

const TRIGGER =
  'grid size-11 place-items-center rounded-full text-cream/85 transition hover:bg-cream/12 hover:text-cream aria-expanded:bg-cream/15 aria-expanded:text-amber';
const PANEL =
  'right-0 bottom-full mb-3 max-h-[min(60vh,26rem)] w-max min-w-60 max-w-[min(22rem,calc(100vw-2rem))] max-sm:fixed max-sm:inset-x-4 max-sm:bottom-28 max-sm:w-auto max-sm:max-w-none';

interface MenuProps {
  icon: IconName;
  label: string;
  testId: string;
  onOpenChange(open: boolean): void;
  children: (close: () => void) => ReactNode;
}

function PlayerMenu({ icon, label, testId, onOpenChange, children }: MenuProps) {
  return (
    <Popover
      label={label}
      testId={testId}
      trigger={<Icon name={icon} />}
      triggerClass={TRIGGER}
      panelClass={PANEL}
      onOpenChange={onOpenChange}
    >
      {children}
    </Popover>
  );
}

/** The audio tracks of the copy; where the copy is not known any more, those of the plan. */
export function audioChoices(copy: ItemCopy | undefined, plan: PlayAnswer['plan']): Choice<number>[] {
  if (copy !== undefined) return copy.media.audio.map((audio) => ({ value: audio.index, label: audioName(audio) }));
  // A track that comes in surround and in stereo is one choice.
  const tracks = plan.audio.filter(({ stream }, at) => plan.audio.findIndex((one) => one.stream === stream) === at);
  return tracks.map((audio) => ({
    value: audio.stream,
    label: [
      languageName(audio.language) ?? audio.title ?? 'Audio',
      `${codecName(audio.codec)} ${channelsName(audio.channels)}`,
    ].join(' · '),
  }));
}

interface AudioMenuProps {
  choices: readonly Choice<number>[];
  selected: number;
  onChoose(stream: number): void;
  onOpenChange(open: boolean): void;
}

export function AudioMenu({ choices, selected, onChoose, onOpenChange }: AudioMenuProps) {
  if (choices.length === 0) return null;
  return (
    <PlayerMenu icon="audio" label="Audio" testId="audio-menu" onOpenChange={onOpenChange}>
      {(close) => (
        <ChoiceList
          title="Audio"
          choices={choices}
          selected={selected}
          onChoose={(stream) => {
            close();
            if (stream !== selected) onChoose(stream);
          }}
        />
      )}
    </PlayerMenu>
  );
}

interface SubtitleMenuProps {
  tracks: PlayAnswer['plan']['subtitles'];
  selected: number | null;
  onChoose(index: number | null): void;
  onOpenChange(open: boolean): void;
}

export function SubtitleMenu({ tracks, selected, onChoose, onOpenChange }: SubtitleMenuProps) {
  if (tracks.length === 0) return null;
  const choices: Choice<number | null>[] = [
    { value: null, label: 'Off' },
    ...tracks.map((track, index) => ({ value: index, label: subtitleName(track) })),
  ];
  return (
    <PlayerMenu icon="subtitles" label="Subtitles" testId="subtitle-menu" onOpenChange={onOpenChange}>
      {(close) => (
        <ChoiceList
          title="Subtitles"
          choices={choices}
          selected={selected}
          onChoose={(index) => {
            close();
            onChoose(index);
          }}
        />
      )}
    </PlayerMenu>
  );
}

const RATES: readonly Choice<number>[] = [0.5, 0.75, 1, 1.25, 1.5, 2].map((rate) => ({
  value: rate,
  label: rate === 1 ? 'Normal' : `${rate}×`,
}));

interface SettingsMenuProps {
  qualities: readonly Choice<QualityId>[];
  quality: QualityId;
  rate: number;
  onQuality(id: QualityId): void;
  onRate(rate: number): void;
  onOpenChange(open: boolean): void;
}

/** Quality and speed. */
export function SettingsMenu({ qualities, quality, rate, onQuality, onRate, onOpenChange }: SettingsMenuProps) {
  return (
    <PlayerMenu icon="settings" label="Quality and speed" testId="settings-menu" onOpenChange={onOpenChange}>
      {(close) => (
        <>
          <ChoiceList
            title="Quality"
            choices={qualities}
            selected={quality}
            onChoose={(id) => {
              close();
              if (id !== quality) onQuality(id);
            }}
          />
          <div className="my-1.5 border-t border-cream/8" />
          <ChoiceList
            title="Speed"
            choices={RATES}
            selected={rate}
            onChoose={(next) => {
              close();
              onRate(next);
            }}
          />
        </>
      )}
    </PlayerMenu>
  );
}
