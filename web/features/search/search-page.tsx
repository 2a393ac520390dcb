import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { searchQuery } from '../../app/queries.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { ItemGrid } from '../../ui/item-grid.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { FacetLink } from '../facets/facet-link.tsx';

/** Long enough that a word typed at once is one question. */
const PAUSE_MS = 180;

export function SearchPage() {
  const { q = '' } = useSearch({ from: '/member/shell/search' });
  const navigate = useNavigate({ from: '/search' });
  const [typed, setTyped] = useState(q);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const words = typed.trim();
    if (words === q) return;
    const timer = setTimeout(
      () => navigate({ search: words === '' ? {} : { q: words }, replace: true, resetScroll: false }),
      PAUSE_MS,
    );
    return () => clearTimeout(timer);
  }, [typed, q, navigate]);

  useEffect(() => {
    const stop = new AbortController();
    document.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== '/' || document.activeElement === input.current) return;
        event.preventDefault();
        input.current?.select();
      },
      { signal: stop.signal },
    );
    return () => stop.abort();
  }, []);

  const found = useQuery({ ...searchQuery(q), placeholderData: keepPreviousData });
  return (
    <div className="gutter pt-4 md:pt-6">
      <title>{q === '' ? 'Search · Hearthcast' : `“${q}” · Hearthcast`}</title>
      <search className="relative mx-auto mb-8 block max-w-3xl">
        <Icon name="search" className="pointer-events-none absolute top-4.5 left-5 size-5.5 text-smoke" />
        <input
          ref={input}
          type="search"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          aria-label="Search all libraries"
          placeholder="Films, series, people, tags"
          // biome-ignore lint/a11y/noAutofocus: the page is this field
          autoFocus
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          enterKeyHint="search"
          data-testid="search-input"
          className="h-14.5 w-full rounded-2xl border border-cream/12 bg-ash-900 pr-14 pl-13 text-lg transition-colors placeholder:text-smoke hover:border-cream/20 focus:border-amber/70 focus:ring-3 focus:ring-amber/20 focus:outline-none [&::-webkit-search-cancel-button]:hidden"
        />
        {typed !== '' && (
          <IconButton
            icon="close"
            label="Clear"
            className="absolute top-1.5 right-2"
            onClick={() => {
              setTyped('');
              input.current?.focus();
            }}
          />
        )}
      </search>
      {q === '' ? (
        <EmptyState icon="search" title="What are you in the mood for?">
          Type a few letters of a title, a name or a tag.{' '}
          <span className="hidden md:inline">The key “/” brings you here from anywhere.</span>
        </EmptyState>
      ) : found.isError && found.data === undefined ? (
        <ErrorState error={found.error} onRetry={() => found.refetch()} />
      ) : found.data?.items.length === 0 && found.data.facets.length === 0 ? (
        <EmptyState icon="search" title={`Nothing found for “${q}”`}>
          Try fewer letters, or another word. Titles, people, genres and tags are searched.
        </EmptyState>
      ) : (
        <div aria-live="polite" className={found.isPlaceholderData ? 'opacity-60 transition-opacity' : ''}>
          {found.data && found.data.facets.length > 0 && (
            <div className="mb-7 flex flex-wrap gap-2" data-testid="search-facets">
              {found.data.facets.map((facet) => (
                <FacetLink key={facet.id} facet={facet} hint={facet.kind} />
              ))}
            </div>
          )}
          <ItemGrid items={found.data?.items} />
        </div>
      )}
    </div>
  );
}
