import { Link } from '@tanstack/react-router';
import type { ItemCard } from '../../../shared/api/items.ts';
import { Still } from '../../ui/artwork.tsx';
import { duration } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { watchedFraction } from '../../ui/item-words.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';

/** The episodes of a season: a press on the picture plays, on the words leads to the episode. */
export function EpisodeList({ episodes }: { episodes: readonly ItemCard[] }) {
  return (
    <ol className="grid grid-cols-1 gap-2 xl:grid-cols-2 xl:gap-x-8">
      {episodes.map((episode) => (
        <Episode key={episode.id} episode={episode} />
      ))}
    </ol>
  );
}

function Episode({ episode }: { episode: ItemCard }) {
  const watched = watchedFraction(episode);
  return (
    <li
      className="group -mx-2.5 flex items-center gap-4 rounded-2xl p-2.5 transition-colors hover:bg-cream/5 md:gap-5"
      data-testid="card"
      data-title={episode.title}
    >
      <Link
        to="/play/$itemId"
        params={{ itemId: episode.id }}
        preload={false}
        aria-label={`Play ${episode.title}`}
        className="relative w-32 shrink-0 rounded-xl sm:w-44"
      >
        <Still item={episode} sizes="11rem" />
        <span className="absolute inset-0 grid place-items-center opacity-0 transition group-focus-within:opacity-100 group-hover:opacity-100">
          <span className="grid size-10 place-items-center rounded-full bg-coal/70 backdrop-blur">
            <Icon name="play" />
          </span>
        </span>
        {watched > 0 && !episode.user.played && (
          <ProgressBar value={watched} label="Watched" className="absolute inset-x-2 bottom-2" />
        )}
      </Link>
      <Link to="/item/$itemId" params={{ itemId: episode.id }} className="min-w-0 flex-1 rounded-lg py-1">
        <p className="text-sm text-smoke">
          {episode.episode === null ? 'Episode' : `Episode ${episode.episode}`}
          {episode.durationMs !== null && ` · ${duration(episode.durationMs)}`}
        </p>
        <p className="mt-0.5 line-clamp-2 font-semibold text-balance">{episode.title}</p>
        {episode.user.played && (
          <p className="mt-1 flex items-center gap-1 text-sm text-amber">
            <Icon name="check" className="size-4" />
            Watched
          </p>
        )}
      </Link>
    </li>
  );
}
