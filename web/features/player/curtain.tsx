import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { ItemDetail } from '../../../shared/api/items.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { canRetry, messageOf } from '../../app/problem-answer.ts';
import { Backdrop } from '../../ui/artwork.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { isElsewhere, type Outage } from './trouble.ts';

/** After this long a word of patience is due. */
const SLOW_MS = 7000;

const OUTAGES: Readonly<Record<Outage, string>> = {
  'server-away': 'The server cannot be reached. The film goes on by itself when it can.',
  'machine-away': 'The machine with this film is away. The film goes on by itself when it is back.',
  busy: 'Every machine that could play this is busy. The film goes on by itself when one is free.',
};

/** It wants to play and cannot yet. */
export function Buffering({ outage, place }: { outage: Outage | null; place: string | undefined }) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  const words =
    place ?? (outage ? OUTAGES[outage] : slow ? 'The machine is taking its time. It will go on by itself.' : null);
  return (
    <div
      role="status"
      className="pointer-events-none absolute inset-0 grid animate-fade place-items-center px-5"
      aria-label="Loading"
    >
      <div className="flex flex-col items-center gap-5">
        <span className="size-14 animate-spin rounded-full border-4 border-cream/15 border-t-amber" />
        {words && (
          <p className="animate-fade text-balance rounded-2xl bg-coal/70 px-4 py-1.5 text-center text-sm text-sand">
            {words}
          </p>
        )}
      </div>
    </div>
  );
}

/** What hangs in front of the film until its first frame. */
export function Opening({ item }: { item: ItemDetail | undefined }) {
  return (
    <div className="pointer-events-none absolute inset-0 animate-fade">
      {item && <Backdrop item={item} className="h-full opacity-40" />}
    </div>
  );
}

interface FailureProps {
  item: ItemDetail | undefined;
  itemId: string;
  error: unknown;
  onRetry(): void;
}

/** It does not play: why, in the server's words, and the ways on. */
export function Failure({ item, itemId, error, onRetry }: FailureProps) {
  const title = error instanceof HearthcastError ? error.toProblem().title : 'It cannot be played';
  const message = messageOf(error);
  const elsewhere = isElsewhere(error);
  return (
    <div role="alert" className="absolute inset-0 z-20 grid place-items-center overflow-auto bg-coal/80 px-5 py-20">
      <div className="max-w-md animate-rise text-center">
        <span
          className={`mx-auto mb-5 grid size-16 place-items-center rounded-2xl ${elsewhere ? 'bg-amber/12 text-amber' : 'bg-bad/12 text-bad'}`}
        >
          <Icon name={elsewhere ? 'pip' : 'warning'} className="size-7" />
        </span>
        <h1 className="text-2xl font-semibold">{title}</h1>
        {message !== title && <p className="mt-2 text-pretty text-sand">{message}</p>}
        {item && <p className="mt-3 text-sm text-smoke">{item.title}</p>}
        <div className="mt-7 flex flex-wrap justify-center gap-3">
          <Button variant={canRetry(error) ? 'primary' : 'secondary'} icon="refresh" onClick={onRetry}>
            {elsewhere ? 'Watch here again' : 'Try again'}
          </Button>
          <Link to="/item/$itemId" params={{ itemId }} replace className={buttonClass('secondary')}>
            Back to the title
          </Link>
        </div>
      </div>
    </div>
  );
}
