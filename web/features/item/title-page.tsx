import { Link } from '@tanstack/react-router';
import type { ItemDetail } from '../../../shared/api/items.ts';
import { buttonClass } from '../../ui/button.tsx';
import { PlayCard } from '../../ui/cards.tsx';
import { clock } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { Chapters } from './chapters.tsx';
import { Copies } from './copies.tsx';
import { Credits } from './credits.tsx';
import { Extras } from './extras.tsx';
import { ItemHeader } from './item-header.tsx';
import { MoreMenu } from './more-menu.tsx';
import { Similar } from './similar.tsx';
import { UserActions } from './user-actions.tsx';

/** A film, an episode or a video: what can be played by itself. */
export function TitlePage({ item }: { item: ItemDetail }) {
  const online = item.copies.some((copy) => copy.agent.online);
  const resumes = item.user.positionMs > 0;
  return (
    <>
      <ItemHeader
        item={item}
        actions={
          <>
            <Link
              to="/play/$itemId"
              params={{ itemId: item.id }}
              preload={false}
              data-testid="play"
              disabled={!online}
              className={`${buttonClass('primary', 'lg')} max-sm:w-full`}
            >
              <Icon name="play" />
              {resumes ? `Resume at ${clock(item.user.positionMs)}` : 'Play'}
            </Link>
            {resumes && (
              <Link
                to="/play/$itemId"
                params={{ itemId: item.id }}
                search={{ at: 0 }}
                preload={false}
                disabled={!online}
                className={`${buttonClass('secondary', 'lg')} max-sm:w-13 max-sm:px-0`}
                aria-label="Play from the start"
                title="Play from the start"
              >
                <Icon name="restart" />
                <span className="max-sm:hidden">From the start</span>
              </Link>
            )}
            <UserActions item={item} />
            <MoreMenu item={item} />
          </>
        }
      >
        {!online && <Offline item={item} />}
      </ItemHeader>
      {item.next && (
        <section className="gutter mt-12">
          <h2 className="mb-4 text-xl font-semibold">Next episode</h2>
          <div className="max-w-xs">
            <PlayCard item={item.next} />
          </div>
        </section>
      )}
      <Extras item={item} />
      <Chapters item={item} />
      <Credits item={item} />
      <Similar item={item} />
      <Copies item={item} />
    </>
  );
}

function Offline({ item }: { item: ItemDetail }) {
  const machines = [...new Set(item.copies.map((copy) => `${copy.agent.name} (${copy.site.name})`))];
  return (
    <div
      role="status"
      className="mt-6 flex max-w-2xl items-start gap-3 rounded-2xl border border-amber/25 bg-amber/8 px-4 py-3.5 text-[0.95rem]"
    >
      <Icon name="warning" className="mt-0.5 text-amber" />
      <p className="text-pretty text-cream/90">
        {machines.length === 0
          ? 'No machine holds this title any more. It comes back by itself when its file does.'
          : `It cannot be played right now: ${machines.join(' and ')} ${machines.length === 1 ? 'is' : 'are'} offline. As soon as one is switched on, this page wakes up by itself.`}
      </p>
    </div>
  );
}
