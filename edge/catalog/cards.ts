import type { ItemCard } from '../../shared/api/items.ts';
import type { CardRow } from '../db/cards.ts';

/** The pictures of an item as `item.images` keeps them. */
interface StoredImages {
  poster: string | null;
  backdrop: string | null;
  thumb: string | null;
}

const NO_IMAGES: StoredImages = { poster: null, backdrop: null, thumb: null };

/** An item as the API shows it. Seasons and episodes without pictures of their own show those of their series. */
export function cardOf(row: CardRow): ItemCard {
  const own = imagesOf(row.images);
  const series = imagesOf(row.seriesImages);
  return {
    id: String(row.id),
    kind: row.kind,
    title: row.title,
    year: row.year,
    season: row.season,
    episode: row.kind === 'episode' ? row.idx : null,
    series: row.seriesId === null ? null : { id: String(row.seriesId), title: row.seriesTitle ?? '' },
    durationMs: row.durationMs,
    episodes: row.episodes,
    images: {
      poster: address(own.poster ?? series.poster),
      backdrop: address(own.backdrop ?? series.backdrop),
      thumb: address(own.thumb),
    },
    user: { positionMs: row.positionMs ?? 0, played: isPlayed(row), favorite: row.favorite === 1 },
  };
}

/** A series or a season is played when every episode is, also one that came later. */
function isPlayed(row: CardRow): boolean {
  if (row.episodes === null) return row.played === 1;
  return row.episodes > 0 && (row.episodesPlayed ?? 0) >= row.episodes;
}

function imagesOf(json: string | null): StoredImages {
  return json === null ? NO_IMAGES : (JSON.parse(json) as StoredImages);
}

function address(id: string | null): string | null {
  return id === null ? null : `/api/v1/images/${id}`;
}
