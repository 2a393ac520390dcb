import type { ItemCopy } from '../../../shared/api/items.ts';
import type { PlayAnswer } from '../../../shared/api/playback.ts';
import { type Choice, ChoiceList } from '../../ui/choice-list.tsx';
import { languageName } from '../../ui/format.ts';
import { audioName, channelsName, codecName } from '../item/media-words.ts';
import { PlayerMenu } from './player-menu.tsx';
import type { QualityId } from './quality.ts';

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
