import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { OwnSession } from '../../../shared/api/playback.ts';
import { playingQuery } from '../../app/queries.ts';
import { buttonClass, IconButton } from '../../ui/button.tsx';
import { clock } from '../../ui/format.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { isOver, positionOf } from './position.ts';

const TICK_MS = 1000;

/** What one watches on another device, offered to go on with here, at the same second. */
export function ContinueHere() {
  const { data, dataUpdatedAt } = useQuery(playingQuery);
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const session = data?.items.find((one) => !dismissed.has(one.id) && !isOver(one, one.positionMs));
  if (!session) return null;
  return (
    <Offer
      key={session.id}
      session={session}
      toldAt={dataUpdatedAt}
      onDismiss={() => setDismissed((before) => new Set([...before, session.id]))}
    />
  );
}

function Offer({ session, toldAt, onDismiss }: { session: OwnSession; toldAt: number; onDismiss(): void }) {
  const { id, itemId, title, device, state, durationMs } = session;
  const now = useNow();
  const positionMs = positionOf(session, now - toldAt);
  if (isOver(session, positionMs)) return null;
  return (
    <aside
      aria-label="Continue here"
      data-testid="continue-here"
      className="fixed inset-x-3 bottom-[calc(4.75rem+env(safe-area-inset-bottom))] z-20 animate-rise overflow-hidden rounded-2xl border border-cream/10 bg-ash-900/95 shadow-2xl backdrop-blur-xl md:inset-x-auto md:right-6 md:bottom-6 md:w-80"
    >
      <div className="flex flex-col gap-2.5 p-3.5">
        <div className="flex items-center gap-2">
          <div className="min-w-0 flex-1">
            <p className="truncate font-semibold">{title}</p>
            <p className="truncate text-sm text-smoke">
              {state === 'paused' ? 'Paused on' : 'Playing on'} {device || 'another device'}
            </p>
          </div>
          <IconButton icon="close" label="Not now" className="-mt-1 -mr-1.5 size-9 shrink-0" onClick={onDismiss} />
        </div>
        <Link
          to="/play/$itemId"
          params={{ itemId }}
          search={{ from: id }}
          className={buttonClass('primary', 'sm')}
          data-testid="continue-here-go"
        >
          Continue here from <span className="tabular-nums">{clock(positionMs)}</span>
        </Link>
      </div>
      {durationMs > 0 && <ProgressBar label="Where it is" value={positionMs / durationMs} className="rounded-none" />}
    </aside>
  );
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
