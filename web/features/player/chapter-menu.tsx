import { clock } from '../../ui/format.ts';
import { Picture } from '../../ui/picture.tsx';
import { chapterAt, type FilmChapter } from './chapters.ts';
import { PlayerMenu } from './player-menu.tsx';

interface ChapterMenuProps {
  itemId: string;
  chapters: readonly FilmChapter[];
  seconds: number;
  onSeek(seconds: number): void;
  onOpenChange(open: boolean): void;
}

/** The film's chapters with a picture each; the one that is shown now is marked. */
export function ChapterMenu({ itemId, chapters, seconds, onSeek, onOpenChange }: ChapterMenuProps) {
  if (chapters.length === 0) return null;
  const now = chapterAt(chapters, seconds);
  return (
    <PlayerMenu icon="chapters" label="Chapters" testId="chapter-menu" onOpenChange={onOpenChange}>
      {(close) => (
        <div role="menu" aria-label="Chapters" className="sm:w-80">
          <p className="px-3 pt-2 pb-1.5 text-xs font-semibold tracking-wide text-smoke uppercase">Chapters</p>
          {chapters.map((chapter) => (
            <button
              key={chapter.index}
              type="button"
              role="menuitemradio"
              aria-checked={chapter === now}
              onClick={() => {
                close();
                onSeek(chapter.start);
              }}
              className="flex w-full items-center gap-3 rounded-xl p-2 text-left text-sand transition-colors hover:bg-cream/8 hover:text-cream aria-checked:bg-cream/6 aria-checked:text-cream"
            >
              <span className="relative block aspect-video w-24 shrink-0 overflow-hidden rounded-lg bg-ash-700">
                <Picture url={`/api/v1/items/${itemId}/chapters/${chapter.index}`} sizes="6rem" />
              </span>
              <span className="min-w-0 flex-1">
                <span className="line-clamp-2 text-[0.95rem] leading-snug">{chapter.title}</span>
                <span className={`text-sm tabular-nums ${chapter === now ? 'text-amber' : 'text-smoke'}`}>
                  {clock(chapter.start * 1000)}
                </span>
              </span>
            </button>
          ))}
        </div>
      )}
    </PlayerMenu>
  );
}
