import { Outlet } from '@tanstack/react-router';
import { ContinueHere } from '../continue/continue-here.tsx';
import { SeeAsBanner } from '../people/see-as-banner.tsx';
import { BottomTabs } from './bottom-tabs.tsx';
import { TopBar } from './top-bar.tsx';

/** Everything but the player and the doors: a bar above, the page, tabs below on a phone. */
export function Shell() {
  return (
    <div className="min-h-dvh pb-[calc(4.75rem+env(safe-area-inset-bottom))] md:pb-12">
      <a
        href="#page"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-full bg-amber px-4 py-2 font-semibold text-coal focus:translate-y-0"
      >
        Skip to the page
      </a>
      <SeeAsBanner />
      <TopBar />
      <main id="page" tabIndex={-1} className="outline-none">
        <Outlet />
      </main>
      <ContinueHere />
      <BottomTabs />
    </div>
  );
}
