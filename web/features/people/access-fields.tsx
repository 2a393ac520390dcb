import { useQuery } from '@tanstack/react-query';
import type { Role } from '../../../shared/api/auth.ts';
import { librariesQuery, meQuery } from '../../app/queries.ts';
import { ROLE_WORDS } from './words.ts';

const OPTION =
  'flex cursor-pointer items-center gap-3 rounded-xl border border-cream/10 px-4 py-3 transition-colors hover:border-cream/20 has-checked:border-amber/60 has-checked:bg-amber/8 has-focus-visible:ring-3 has-focus-visible:ring-amber/30';
const MARK = 'size-4 shrink-0 accent-amber';

export interface Access {
  role: Role;
  /** Null is all, those to come included. */
  libraryIds: string[] | null;
  /** Years; null is no limit. */
  maxAge: number | null;
}

/** The ages that films are rated for in most countries. */
const AGES = [0, 6, 10, 12, 14, 16, 18] as const;

/** The roles that whoever is signed in may give. */
export function useGrantableRoles(): readonly Role[] {
  const mine = useQuery(meQuery).data?.role;
  return mine === 'owner' ? ['admin', 'member', 'child'] : ['member', 'child'];
}

/** Role and libraries of a person or an invitation. */
export function AccessFields(props: {
  roles: readonly Role[];
  access: Access;
  onChange(access: Access): void;
  /** What a role means here, where it is not what it means elsewhere. */
  hints?: Partial<Record<Role, string>>;
}) {
  const { roles, access, onChange, hints } = props;
  const restrictable = access.role === 'member' || access.role === 'child';
  return (
    <>
      <fieldset>
        <legend className="mb-1.5 text-sm font-medium text-sand">Role</legend>
        <div className="flex flex-col gap-2">
          {roles.map((role) => (
            <label key={role} className={OPTION}>
              <input
                type="radio"
                name="role"
                value={role}
                checked={access.role === role}
                onChange={() => onChange({ ...access, role })}
                className={MARK}
                data-testid={`role-${role}`}
              />
              <span>
                <span className="font-medium">{ROLE_WORDS[role].label}</span>
                <span className="block text-sm text-smoke">{hints?.[role] ?? ROLE_WORDS[role].hint}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {restrictable && (
        <LibraryFields libraryIds={access.libraryIds} onChange={(libraryIds) => onChange({ ...access, libraryIds })} />
      )}
      {restrictable && (
        <AgeField
          maxAge={access.maxAge}
          hint={access.role === 'child' ? 'With a limit nothing unrated is shown' : 'Unrated titles are shown too'}
          onChange={(maxAge) => onChange({ ...access, maxAge })}
        />
      )}
    </>
  );
}

function LibraryFields(props: { libraryIds: string[] | null; onChange(libraryIds: string[] | null): void }) {
  const { libraryIds, onChange } = props;
  const libraries = useQuery(librariesQuery).data?.items ?? [];
  const all = libraryIds === null;
  const toggle = (id: string, on: boolean) => {
    const others = (libraryIds ?? []).filter((other) => other !== id);
    onChange(on ? [...others, id] : others);
  };
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium text-sand">What they see</legend>
      <div className="grid grid-cols-1 gap-2 sm:grid-cols-2">
        <label className={`${OPTION} sm:col-span-2`}>
          <input
            type="checkbox"
            checked={all}
            onChange={(event) => onChange(event.target.checked ? null : libraries.map((library) => library.id))}
            className={MARK}
            data-testid="all-libraries"
          />
          <span>
            <span className="font-medium">All libraries</span>
            <span className="block text-sm text-smoke">Those that come later too</span>
          </span>
        </label>
        {!all &&
          libraries.map((library) => (
            <label key={library.id} className={OPTION}>
              <input
                type="checkbox"
                checked={libraryIds.includes(library.id)}
                onChange={(event) => toggle(library.id, event.target.checked)}
                className={MARK}
                data-testid={`library-${library.name}`}
              />
              <span className="min-w-0 truncate font-medium">{library.name}</span>
            </label>
          ))}
      </div>
    </fieldset>
  );
}

function AgeField(props: { maxAge: number | null; hint: string; onChange(maxAge: number | null): void }) {
  return (
    <label className="flex items-center justify-between gap-4 text-sm font-medium text-sand">
      <span>
        Rated for
        <span className="block font-normal text-smoke">{props.hint}</span>
      </span>
      <select
        value={props.maxAge ?? ''}
        onChange={(event) => props.onChange(event.target.value === '' ? null : Number(event.target.value))}
        className="h-10 shrink-0 rounded-xl border border-cream/12 bg-coal/60 px-3 text-[0.95rem] text-cream"
        data-testid="max-age"
      >
        <option value="">Any age</option>
        {AGES.map((age) => (
          <option key={age} value={age}>
            {age === 0 ? 'Everybody' : `Up to ${age}`}
          </option>
        ))}
      </select>
    </label>
  );
}
