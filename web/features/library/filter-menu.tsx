import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ItemFilters } from '../../../shared/api/items.ts';
import { genresQuery, traitsQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Popover } from '../../ui/popover.tsx';
import { TagField } from './tag-field.tsx';
import { traitChoices } from './trait-words.ts';

type Name = keyof ItemFilters;

const NAMES = [
  'genre',
  'tag',
  'watched',
  'resolution',
  'codec',
  'hdr',
  'language',
  'site',
  'yearFrom',
  'ratingFrom',
  'kind',
  'favorite',
] as const satisfies Name[];

/** The filters of the menu that an address sets. */
export function activeFilters(filters: ItemFilters): Name[] {
  return NAMES.filter((name) => filters[name] !== undefined);
}

const CHOICES: readonly { name: Name; label: string; values: readonly [value: string, label: string][] }[] = [
  {
    ...{ name: 'watched', label: 'Watched' },
    values: [
      ['no', 'Not watched'],
      ['begun', 'Begun'],
      ['yes', 'Watched'],
    ],
  },
  {
    ...{ name: 'kind', label: 'Kind' },
    values: [
      ['movie', 'Films'],
      ['series', 'Series'],
      ['video', 'Videos'],
    ],
  },
  {
    ...{ name: 'resolution', label: 'Resolution' },
    values: [
      ['2160p', '4K'],
      ['1440p', '1440p'],
      ['1080p', '1080p'],
      ['720p', '720p'],
      ['sd', 'SD'],
    ],
  },
  {
    ...{ name: 'hdr', label: 'HDR' },
    values: [
      ['hdr10', 'HDR10'],
      ['dolby-vision', 'Dolby Vision'],
      ['hlg', 'HLG'],
      ['sdr', 'SDR'],
    ],
  },
  {
    ...{ name: 'ratingFrom', label: 'Rated from' },
    values: ['9', '8', '7', '6', '5'].map((step) => [step, `★ ${step}`] as const as [string, string]),
  },
  { ...{ name: 'favorite', label: 'Favourites' }, values: [['yes', 'Mine only']] },
];

const DECADES = Array.from({ length: 11 }, (_, i) => 2020 - i * 10);

/** What narrows the grid down; it is part of the address, so that it can be kept and sent. */
export function FilterMenu({ filters }: { filters: ItemFilters }) {
  const navigate = useNavigate({ from: '/library/$libraryId' });
  const genres = useQuery(genresQuery).data?.items ?? [];
  const traits = useQuery(traitsQuery).data;
  const active = activeFilters(filters).length;
  const set = (change: Partial<Record<Name, string | number | undefined>>) =>
    navigate({ search: (old) => ({ ...old, ...change }) as typeof old, replace: true, resetScroll: false });
  return (
    <Popover
      label="Filter"
      testId="filter-menu"
      trigger={
        <>
          <Icon name="settings" className="size-4.5 text-smoke" />
          Filter
          {active > 0 && (
            <span className="grid size-5.5 place-items-center rounded-full bg-amber text-xs font-bold text-coal">
              {active}
            </span>
          )}
        </>
      }
      triggerClass="flex h-11 items-center gap-2 rounded-full border border-cream/10 px-4 text-[0.95rem] font-medium transition-colors hover:border-cream/20 hover:bg-cream/5"
      panelClass="right-0 mt-2 w-80 max-h-[70dvh] overflow-y-auto max-sm:fixed max-sm:inset-x-4 max-sm:w-auto"
    >
      {(close) => (
        <div className="flex flex-col gap-3.5 p-2.5">
          {genres.length > 0 && (
            <Select
              label="Genre"
              value={filters.genre}
              choices={genres.map((genre) => [genre.id, genre.name])}
              onChange={(genre) => set({ genre })}
            />
          )}
          <Select
            label="Decade"
            value={filters.yearFrom}
            choices={DECADES.map((year) => [String(year), `${year}s`])}
            onChange={(year) =>
              set({ yearFrom: year, yearTo: year === undefined ? undefined : String(Number(year) + 9) })
            }
          />
          <TagField tag={filters.tag} onChange={(tag) => set({ tag })} />
          {traitChoices(traits).map(({ name, label, values }) => (
            <Select
              key={name}
              label={label}
              value={filters[name]}
              choices={values}
              onChange={(value) => set({ [name]: value })}
            />
          ))}
          {CHOICES.map(({ name, label, values }) => (
            <Select
              key={name}
              label={label}
              value={filters[name]}
              choices={values}
              onChange={(value) => set({ [name]: value })}
            />
          ))}
          {active > 0 && (
            <Button
              onClick={() => {
                close();
                set({ ...Object.fromEntries(NAMES.map((name) => [name, undefined])), yearTo: undefined });
              }}
            >
              Clear all
            </Button>
          )}
        </div>
      )}
    </Popover>
  );
}

interface SelectProps {
  label: string;
  value: string | number | undefined;
  choices: readonly (readonly [value: string, label: string])[];
  onChange(value: string | undefined): void;
}

function Select({ label, value, choices, onChange }: SelectProps) {
  return (
    <label className="flex items-center justify-between gap-3 text-[0.95rem]">
      <span className="text-sand">{label}</span>
      <select
        value={value === undefined ? '' : String(value)}
        onChange={(event) => onChange(event.target.value || undefined)}
        className="h-10 w-40 rounded-xl border border-cream/12 bg-ash-900 px-2.5 text-cream focus:border-amber/70 focus:outline-none"
      >
        <option value="">Any</option>
        {choices.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
