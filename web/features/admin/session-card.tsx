import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import type { ActiveSession } from '../../../shared/api/playback.ts';
import { IconButton } from '../../ui/button.tsx';
import { ago, clock } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { sessionLines } from './session-words.ts';

const MODES: Readonly<Record<ActiveSession['mode'], string>> = {
  direct: 'Direct play',
  remux: 'Remux',
  transcode: 'Transcode',
};

/** Somebody's film: who watches it where, what serves it and why. */
export function SessionCard({ session, onStop }: { session: ActiveSession; onStop(): void }) {
  return (
    <article className="panel flex gap-4 p-4 sm:px-5" data-testid="session">
      <span className="grid size-11 shrink-0 place-items-center rounded-full bg-ash-800 text-lg font-bold text-amber max-sm:hidden">
        {[...session.user][0]?.toUpperCase()}
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex items-start gap-3">
          <div className="min-w-0 flex-1">
            <Link
              to="/item/$itemId"
              params={{ itemId: session.itemId }}
              className="block truncate rounded font-semibold hover:text-amber"
            >
              {session.title}
            </Link>
            <p className="text-sm text-pretty text-smoke">
              {session.user}
              {session.device && ` on ${session.device}`} · began {ago(session.startedAt, Date.now())}
            </p>
          </div>
          <IconButton icon="close" label={`Stop for ${session.user}`} className="-mt-1 -mr-2" onClick={onStop} />
        </div>
        <p className="mt-2.5 flex flex-wrap items-center gap-x-4 gap-y-2 text-sm text-sand">
          <span className="flex items-center gap-2">
            <Icon name="machines" className="size-4 text-smoke" />
            {session.agent}
          </span>
          <span
            className={`rounded-full px-3 py-1 font-medium ${session.mode === 'transcode' ? 'bg-amber/12 text-amber' : 'bg-cream/8 text-cream/90'}`}
          >
            {session.keeps ? 'Download' : MODES[session.mode]}
          </span>
          {!session.keeps && <span className="tabular-nums">at {clock(session.positionMs)}</span>}
        </p>
        <dl className="mt-3 grid grid-cols-[5.5rem_1fr] gap-y-1.5 text-sm">
          {sessionLines(session).map(({ label, words }) => (
            <Fragment key={label}>
              <dt className="text-smoke">{label}</dt>
              <dd className="text-pretty text-sand">{words}</dd>
            </Fragment>
          ))}
        </dl>
      </div>
    </article>
  );
}
