import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { EmptyState } from '../../ui/states.tsx';
import { useIsAdmin } from '../shell/roles.ts';

const TAB =
  'border-b-2 border-transparent pb-2.5 font-medium text-sand transition-colors hover:text-cream aria-[current=page]:border-amber aria-[current=page]:text-cream';

/** The owner's pages: one title, its neighbours, what can be done. */
export function AdminFrame({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  const admin = useIsAdmin();
  const tabs = useRef<HTMLElement>(null);
  // On a phone the row is longer than the screen, and the page that is open must not lie behind its edge.
  useEffect(() => {
    tabs.current?.querySelector('[aria-current=page]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, []);
  return (
    <div className="gutter mx-auto max-w-6xl pt-6 md:pt-8">
      <title>{`${title} · Hearthcast`}</title>
      <div className="mb-5 flex min-h-11 flex-wrap items-center justify-between gap-4">
        <h1 className="text-3xl font-bold md:text-4xl">{title}</h1>
        {admin && action}
      </div>
      <nav
        ref={tabs}
        aria-label="Administration"
        className="mb-7 flex gap-5 overflow-x-auto text-[0.95rem] md:gap-7 md:text-base border-b border-cream/8 whitespace-nowrap [scrollbar-width:none]"
      >
        <Link to="/admin/machines" activeOptions={{ includeSearch: false }} className={TAB}>
          Machines
        </Link>
        <Link to="/admin/activity" className={TAB}>
          Who is watching
        </Link>
        <Link to="/admin/scans" className={TAB}>
          Scans
        </Link>
        <Link to="/admin/people" className={TAB}>
          People
        </Link>
        <Link to="/admin/log" className={TAB}>
          Log
        </Link>
        <Link to="/admin/settings" className={TAB}>
          Settings
        </Link>
      </nav>
      {admin ? (
        children
      ) : (
        <EmptyState icon="user" title="This is for the owner">
          Ask the owner of this server to make you an administrator.
        </EmptyState>
      )}
    </div>
  );
}
