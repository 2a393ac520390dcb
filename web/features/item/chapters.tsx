import { Link } from '@tanstack/react-router';
import type { ItemDetail } from '../../../shared/api/items.ts';
import { clock } from '../../ui/format.ts';
import { Picture } from '../../ui/picture.tsx';
import { Row } from '../../ui/row.tsx';
import { filmChapters } from '../player/chapters.ts';

/** A film's chapters with a picture each; a press plays from there. Nothing where there are none. */
export function Chapters({ item }: { item: ItemDetail }) {
  const copy = item.copies.find((one) => one.media.chapters.length > 1);
  const chapters = copy ? filmChapters(copy.media.chapters, copy.media.durationMs / 1000) : [];
  if (chapters.length === 0) return null;
  return (
    <div className="mt-12" data-testid="chapters">
      <Row kind="still" title="Chapters">
        {chapters.map(({ index, start, title }) => (
          <Link
            key={index}
            to="/play/$itemId"
            params={{ itemId: item.id }}
            search={{ at: Math.round(start * 1000) }}
            preload={false}
            className="group block"
          >
            <span className="relative block aspect-video overflow-hidden rounded-xl bg-ash-800">
              <Picture url={`/api/v1/items/${item.id}/chapters/${index}`} sizes="20rem" />
              <span className="absolute right-2 bottom-2 rounded-md bg-coal/75 px-1.5 py-0.5 text-sm font-medium tabular-nums">
                {clock(start * 1000)}
              </span>
            </span>
            <span className="mt-2 block truncate text-[0.95rem] text-sand transition-colors group-hover:text-cream">
              {title}
            </span>
          </Link>
        ))}
      </Row>
    </div>
  );
}
