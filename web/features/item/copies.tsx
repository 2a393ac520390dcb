import { Link } from '@tanstack/react-router';
import type { ItemCopy, ItemDetail } from '../../../shared/api/items.ts';
import { buttonClass } from '../../ui/button.tsx';
import { bitrate, bytes } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { useMayKeep } from '../shell/roles.ts';
import { audioName, qualityBadges, sizeWords, subtitleName } from './media-words.ts';
import { useDownload } from './use-download.ts';

/** Where the files of an item lie, and what is in them. */
export function Copies({ item }: { item: ItemDetail }) {
  if (item.copies.length === 0) return null;
  return (
    <section className="gutter mt-12">
      <h2 className="mb-4 text-xl font-semibold">{item.copies.length === 1 ? 'The file' : 'Copies'}</h2>
      <ul className="grid grid-cols-1 gap-4 lg:grid-cols-2">
        {item.copies.map((copy) => (
          <li key={copy.id}>
            <CopyCard copy={copy} item={item} chosen={item.copies.length > 1} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function CopyCard({ copy, item, chosen }: { copy: ItemCopy; item: ItemDetail; chosen: boolean }) {
  const { media } = copy;
  const mayKeep = useMayKeep();
  const download = useDownload(item);
  const details = [bytes(copy.size), media.bitrate === null ? null : bitrate(media.bitrate)].filter(Boolean);
  return (
    <article className="panel flex h-full flex-col gap-4 p-5" data-testid="copy">
      <div className="flex items-center gap-3">
        <span
          role="img"
          aria-label={copy.agent.online ? 'Online' : 'Offline'}
          className={`size-2.5 shrink-0 rounded-full ${copy.agent.online ? 'bg-good shadow-[0_0_10px_var(--color-good)]' : 'bg-ash-600'}`}
        />
        <div className="min-w-0 flex-1">
          <p className="truncate font-semibold">{copy.agent.name}</p>
          <p className="truncate text-sm text-smoke">
            {copy.site.name}
            {copy.agent.online ? '' : ' · offline'}
          </p>
        </div>
        {mayKeep && copy.agent.online && (
          <button
            type="button"
            className={`${buttonClass('ghost', 'sm')} max-sm:w-9 max-sm:px-0`}
            aria-label={`Download: ${sizeWords(copy)}`}
            title={`Download: ${sizeWords(copy)}`}
            disabled={download.isPending}
            onClick={() => download.mutate(copy)}
          >
            <Icon name="download" className="size-4" />
            <span className="hidden sm:inline">Download</span>
          </button>
        )}
        {chosen && copy.agent.online && (
          <Link
            to="/play/$itemId"
            params={{ itemId: item.id }}
            search={{ copy: copy.id }}
            preload={false}
            className={buttonClass('secondary', 'sm')}
          >
            <Icon name="play" className="size-4" />
            Play this one
          </Link>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-1.5">
        {qualityBadges(media).map((badge) => (
          <span key={badge} className="rounded-md bg-cream/8 px-2 py-0.5 text-sm font-medium text-cream/90">
            {badge}
          </span>
        ))}
        <span className="ml-1 text-sm text-smoke">{details.join(' · ')}</span>
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 text-sm">
        <Tracks icon="audio" name="Audio" tracks={media.audio.map(audioName)} />
        <Tracks icon="subtitles" name="Subtitles" tracks={media.subtitles.map(subtitleName)} />
      </dl>
    </article>
  );
}

/** More are counted, not listed. */
const TRACKS_SHOWN = 6;

function Tracks({ icon, name, tracks }: { icon: 'audio' | 'subtitles'; name: string; tracks: string[] }) {
  const unique = [...new Set(tracks)];
  const more = unique.length - TRACKS_SHOWN;
  return (
    <>
      <dt className="flex items-center gap-2 self-start text-smoke">
        <Icon name={icon} className="size-4" />
        {name}
      </dt>
      <dd className="min-w-0 text-sand">
        {unique.length === 0 && <span className="text-smoke">None</span>}
        {unique.slice(0, TRACKS_SHOWN).map((track) => (
          <p key={track} className="truncate">
            {track}
          </p>
        ))}
        {more > 0 && <p className="text-smoke">and {more} more</p>}
      </dd>
    </>
  );
}
