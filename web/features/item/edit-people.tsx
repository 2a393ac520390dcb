import type { EditedCredit } from '../../../shared/api/curation.ts';
import { Button, IconButton } from '../../ui/button.tsx';

const ROLES: Readonly<Record<EditedCredit['role'], string>> = {
  actor: 'Actor',
  guest: 'Guest',
  director: 'Director',
  writer: 'Writer',
  producer: 'Producer',
};

const INPUT =
  'h-11 min-w-0 rounded-xl border border-cream/12 bg-coal/60 px-3 text-cream placeholder:text-smoke hover:border-cream/20 focus:border-amber/70 focus:ring-3 focus:ring-amber/20 focus:outline-none';

/** A title has no more; sidecar files neither. */
const MAX_PEOPLE = 100;

interface EditPeopleProps {
  label: string;
  people: readonly EditedCredit[];
  onChange(people: readonly EditedCredit[]): void;
}

/** Who took part, a row for each thing that somebody did. */
export function EditPeople({ label, people, onChange }: EditPeopleProps) {
  const set = (at: number, change: Partial<EditedCredit>) =>
    onChange(people.map((credit, i) => (i === at ? { ...credit, ...change } : credit)));
  return (
    <fieldset data-testid="edit-people">
      <legend className="mb-1.5 text-sm font-medium text-sand">{label}</legend>
      <ul className="flex flex-col gap-3">
        {people.map(({ name, role, character }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; nothing else of it stays while one types
          <li key={i} className="grid grid-cols-[1fr_6.75rem_2.5rem] gap-2 sm:grid-cols-[1fr_7rem_1fr_2.75rem]">
            <input
              aria-label="Name"
              placeholder="Name"
              value={name}
              maxLength={200}
              onChange={({ target }) => set(i, { name: target.value })}
              className={INPUT}
            />
            <select
              aria-label={`What ${name || 'they'} did`}
              value={role}
              onChange={({ target }) => set(i, { role: target.value as EditedCredit['role'] })}
              className={INPUT}
            >
              {Object.entries(ROLES).map(([value, word]) => (
                <option key={value} value={value}>
                  {word}
                </option>
              ))}
            </select>
            <input
              aria-label={`Whom ${name || 'they'} play`}
              placeholder="As"
              value={character ?? ''}
              maxLength={200}
              disabled={role !== 'actor' && role !== 'guest'}
              onChange={({ target }) => set(i, { character: target.value })}
              className={`${INPUT} order-last col-span-2 disabled:hidden sm:order-none sm:col-span-1 sm:disabled:invisible sm:disabled:block`}
            />
            <IconButton
              icon="close"
              label={`Take ${name || 'this row'} out`}
              onClick={() => onChange(people.filter((_, other) => other !== i))}
            />
          </li>
        ))}
      </ul>
      {people.length < MAX_PEOPLE && (
        <Button
          size="sm"
          icon="plus"
          className="mt-3"
          onClick={() => onChange([...people, { name: '', role: 'actor', character: null }])}
        >
          Add a person
        </Button>
      )}
    </fieldset>
  );
}
