import type { ItemCard } from '../../shared/api/items.ts';
import type { CardRow } from '../db/cards.ts';
import type { Scope } from '../db/scopes.ts';
import type { Env } from '../env.ts';
import { imageAddress } from './image-words.ts';

/** The pictures of an item as `item.images` keeps them. */
interface StoredImages {
  poster: string | null;
  backdrop: string | null;
  thumb: string | null;
}

const NO_IMAGES: StoredImages = { poster: null, backdrop: null, thumb: null };

/** Items as the API shows them to one person. */
export function showCards(env: Env, scope: Scope, rows: readonly CardRow[]): Promise<ItemCard[]> {
  return Promise.all(rows.map((row) => showCard(env, scope, row)));
}

/** An item as the API shows it. Seasons and episodes without pictures of their own show those of their series. */
export async function showCard(env: Env, scope: Scope, row: CardRow): Promise<ItemCard> {
  const own = imagesOf(row.images);
  const series = imagesOf(row.seriesImages);
  const now = Date.now();
  const address = (id: string | null) => (id === null ? null : imageAddress(env, scope, id, now));
  const [poster, backdrop, thumb] = await Promise.all([
    address(own.poster ?? series.poster),
    address(own.backdrop ?? series.backdrop),
    address(own.thumb),
  ]);
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
    rating: row.rating === null ? null : row.rating / 10,
    images: { poster, backdrop, thumb },
    user: {
      positionMs: row.positionMs ?? 0,
      played: isPlayed(row),
      favorite: row.favorite === 1,
      rating: row.userRating,
    },
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
