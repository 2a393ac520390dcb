import type { ReactNode } from 'react';
import type { PlayAnswer } from '../../../shared/api/playback.ts';
import { IconButton } from '../../ui/button.tsx';
import { type Choice, ChoiceList } from '../../ui/choice-list.tsx';
import { subtitleName } from '../item/media-words.ts';
import { PlayerMenu } from './player-menu.tsx';
import { movedOffset, offsetWords, SUBTITLE_SIZES } from './subtitle-preferences.ts';

/** A text track by its place in the plan, or a track of pictures by its stream; null is none. */
export type SubtitleId = `text:${number}` | `picture:${number}` | null;

const STEP_S = 0.5;

interface SubtitleMenuProps {
  plan: PlayAnswer['plan'] | null;
  selected: SubtitleId;
  offset: number;
  size: number;
  onChoose(id: SubtitleId): void;
  onOffset(seconds: number): void;
  onSize(size: number): void;
  onOpenChange(open: boolean): void;
}

/** Which subtitles, when and how large. */
export function SubtitleMenu(props: SubtitleMenuProps) {
  const { plan, selected, onChoose, onOpenChange } = props;
  const choices = subtitleChoices(plan);
  if (choices.length === 0) return null;
  return (
    <PlayerMenu icon="subtitles" label="Subtitles" testId="subtitle-menu" onOpenChange={onOpenChange}>
      {(close) => (
        <>
          <ChoiceList
            title="Subtitles"
            choices={[{ value: null, label: 'Off' }, ...choices]}
            selected={selected}
            onChoose={(id) => {
              close();
              if (id !== selected) onChoose(id);
            }}
          />
          {selected?.startsWith('text:') && <Adjustments {...props} />}
        </>
      )}
    </PlayerMenu>
  );
}

function subtitleChoices(plan: PlayAnswer['plan'] | null): Choice<SubtitleId>[] {
  const text = (plan?.subtitles ?? []).map((track, index) => ({
    value: `text:${index}` as const,
    label: subtitleName(track),
  }));
  const pictures = (plan?.burnable ?? []).map((track) => ({
    value: `picture:${track.stream}` as const,
    label: subtitleName(track),
    hint: 'painted in',
  }));
  return [...text, ...pictures];
}

function Adjustments({ offset, size, onOffset, onSize }: SubtitleMenuProps) {
  return (
    <div className="mt-1.5 flex flex-col gap-1 border-t border-cream/8 px-3 pt-2 pb-1">
      <Adjustment name="Timing">
        <IconButton
          icon="minus"
          label="Subtitles earlier"
          className="size-9"
          onClick={() => onOffset(movedOffset(offset, -STEP_S))}
        />
        <button
          type="button"
          data-testid="subtitle-offset"
          title="Back to the file’s own times"
          onClick={() => onOffset(0)}
          className="w-16 rounded-lg py-1.5 text-center text-sm tabular-nums transition-colors hover:bg-cream/8"
        >
          {offsetWords(offset)}
        </button>
        <IconButton
          icon="plus"
          label="Subtitles later"
          className="size-9"
          onClick={() => onOffset(movedOffset(offset, STEP_S))}
        />
      </Adjustment>
      <Adjustment name="Size">
        {SUBTITLE_SIZES.map(({ value, label }) => (
          <button
            key={value}
            type="button"
            aria-label={`${label} subtitles`}
            aria-pressed={value === size}
            onClick={() => onSize(value)}
            className="grid size-9 place-items-center rounded-full font-semibold text-smoke transition-colors hover:bg-cream/8 aria-pressed:bg-cream/12 aria-pressed:text-amber"
            style={{ fontSize: `${0.6 + value * 0.4}rem` }}
          >
            A
          </button>
        ))}
      </Adjustment>
    </div>
  );
}

function Adjustment({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-center justify-between gap-4">
      <span className="text-[0.95rem] text-sand">{name}</span>
      <div className="flex items-center gap-0.5">{children}</div>
    </div>
  );
}
