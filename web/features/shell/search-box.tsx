import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Icon } from '../../ui/icons.tsx';

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** The way to the search from every page; "/" goes there too. The search page has the real field. */
export function SearchBox() {
  const navigate = useNavigate();
  const onSearchPage = useRouterState({ select: (state) => state.location.pathname === '/search' });
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (onSearchPage) return;
    const stop = new AbortController();
    document.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
        event.preventDefault();
        navigate({ to: '/search' });
      },
      { signal: stop.signal },
    );
    return () => stop.abort();
  }, [navigate, onSearchPage]);

  if (onSearchPage) return null;
  return (
    <button
      ref={button}
      type="button"
      aria-label="Search"
      aria-keyshortcuts="/"
      onClick={() => navigate({ to: '/search' })}
      className="hidden h-10 items-center gap-2.5 rounded-full border border-cream/10 bg-coal/40 pr-2 pl-3.5 text-sm text-sand backdrop-blur-md transition-colors hover:border-cream/20 hover:text-cream md:flex md:w-52 lg:w-64"
    >
      <Icon name="search" className="size-4.5" />
      <span className="flex-1 text-left">Search</span>
      <kbd className="rounded-md border border-cream/15 px-1.5 font-sans text-xs text-smoke">/</kbd>
    </button>
  );
}
