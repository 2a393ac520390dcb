import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { librariesQuery } from '../../app/queries.ts';
import { Wordmark } from '../../ui/logo.tsx';
import { AccountMenu } from './account-menu.tsx';
import { SearchBox } from './search-box.tsx';

/** More than these would push the search away; the rest is on the page of all libraries. */
const LIBRARIES_IN_BAR = 4;

const LINK =
  'rounded-full px-3.5 py-1.5 text-[0.95rem] font-medium text-sand transition-colors hover:text-cream ' +
  'aria-[current=page]:bg-cream/10 aria-[current=page]:text-cream';

function useScrolled(): boolean {
  const [scrolled, setScrolled] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    const read = () => setScrolled(window.scrollY > 12);
    window.addEventListener('scroll', read, { passive: true, signal: stop.signal });
    read();
    return () => stop.abort();
  }, []);
  return scrolled;
}

export function TopBar() {
  const libraries = useQuery(librariesQuery).data?.items ?? [];
  const scrolled = useScrolled();
  return (
    <header
      className={`gutter sticky top-0 z-30 flex h-15 items-center gap-6 border-b transition-colors duration-300 md:h-17 ${scrolled ? 'border-cream/8 bg-coal/85 backdrop-blur-xl' : 'border-transparent'}`}
    >
      <Link to="/" aria-label="Hearthcast, home" className="rounded-lg">
        <Wordmark />
      </Link>
      <nav aria-label="Libraries" className="hidden min-w-0 flex-1 items-center gap-1 md:flex">
        <Link to="/" className={LINK} activeOptions={{ exact: true }}>
          Home
        </Link>
        {libraries.slice(0, LIBRARIES_IN_BAR).map((library) => (
          <Link
            key={library.id}
            to="/library/$libraryId"
            params={{ libraryId: library.id }}
            activeOptions={{ includeSearch: false }}
            className={`${LINK} max-w-44 truncate`}
          >
            {library.name}
          </Link>
        ))}
        {libraries.length > LIBRARIES_IN_BAR && (
          <Link to="/libraries" className={LINK}>
            All libraries
          </Link>
        )}
      </nav>
      <div className="ml-auto flex items-center gap-2">
        <SearchBox />
        <AccountMenu />
      </div>
    </header>
  );
}
