import type { CSSProperties } from 'react';
import type { ItemCard } from '../../shared/api/items.ts';
import { artHues } from './art-hues.ts';
import { Icon } from './icons.tsx';
import { Picture } from './picture.tsx';

type Illustrated = Pick<ItemCard, 'title' | 'images' | 'kind'>;

/** A painted ground in the title's own two colours: what shows where there is no picture, or not yet. */
function Ground({ title }: { title: string }) {
  const [first, second] = artHues(title);
  const style: CSSProperties = {
    background: `radial-gradient(120% 90% at 85% 0%, oklch(0.46 0.1 ${second}) 0%, transparent 60%), linear-gradient(165deg, oklch(0.34 0.075 ${first}), oklch(0.17 0.03 ${first}) 75%)`,
  };
  return <div className="absolute inset-0" style={style} />;
}

/** A poster in 2:3: the real one, else one made of a frame of the film, else of its title. */
export function Poster({ item, sizes, eager = false }: { item: Illustrated; sizes: string; eager?: boolean }) {
  const { poster, thumb, backdrop } = item.images;
  const frame = thumb ?? backdrop;
  return (
    <div className="relative aspect-2/3 overflow-hidden rounded-xl bg-ash-800">
      <Ground title={item.title} />
      {poster !== null ? (
        <Picture url={poster} sizes={sizes} eager={eager} />
      ) : (
        <>
          <Picture url={frame} sizes={sizes} eager={eager} className="saturate-[0.85]" />
          <div className="absolute inset-0 bg-linear-to-t from-coal/95 via-coal/25 to-transparent" />
          {frame === null && <Icon name="film" className="absolute top-4 left-4 size-6 text-cream/35" />}
          <p className="absolute inset-x-0 bottom-0 line-clamp-4 p-3.5 text-[1.05rem] leading-tight font-bold tracking-tight text-balance sm:p-4">
            {item.title}
          </p>
        </>
      )}
    </div>
  );
}

/** A frame in 16:9 of a film or an episode. */
export function Still({ item, sizes, eager = false }: { item: Illustrated; sizes: string; eager?: boolean }) {
  const url = item.images.thumb ?? item.images.backdrop;
  return (
    <div className="relative aspect-video overflow-hidden rounded-xl bg-ash-800">
      <Ground title={item.title} />
      {url === null && (
        <span className="absolute inset-0 grid place-items-center text-cream/30">
          <Icon name="film" className="size-9" />
        </span>
      )}
      <Picture url={url} sizes={sizes} eager={eager} />
    </div>
  );
}

/** The wide ground of a page: backdrop, else a frame, else colours; fades into the page below. */
export function Backdrop({ item, className = '' }: { item: Illustrated; className?: string }) {
  const { backdrop, thumb, poster } = item.images;
  const url = backdrop ?? thumb;
  return (
    <div className={`pointer-events-none absolute inset-x-0 top-0 overflow-hidden ${className}`} aria-hidden="true">
      <Ground title={item.title} />
      {url !== null ? (
        <Picture url={url} sizes="100vw" eager className="object-[center_25%]" />
      ) : (
        <Picture url={poster} sizes="400px" className="scale-125 opacity-60 blur-3xl" />
      )}
      <div className="absolute inset-0 bg-linear-to-t from-coal via-coal/35 to-coal/20" />
      <div className="absolute inset-0 bg-linear-to-r from-coal/90 via-coal/30 to-transparent" />
    </div>
  );
}
