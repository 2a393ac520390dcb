import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Profile } from '../../../shared/api/profiles.ts';
import { librariesQuery } from '../../app/queries.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { libraryWords, ROLE_WORDS } from '../people/words.ts';
import { EditPin } from './edit-pin.tsx';
import { EditProfile } from './edit-profile.tsx';
import { profilesQuery } from './queries.ts';

/** Those who share the account, for its own profile to look after. */
export function ProfileList() {
  const profiles = useQuery(profilesQuery).data?.items ?? [];
  const libraries = useQuery(librariesQuery).data?.items ?? [];
  const names = new Map(libraries.map((library) => [library.id, library.name]));
  const [editing, setEditing] = useState<Profile | 'new' | null>(null);
  const [locking, setLocking] = useState<Profile | null>(null);
  const open = profiles.some((profile) => profile.main && !profile.pin) && profiles.length > 1;
  return (
    <>
      {editing !== null && (
        <EditProfile profile={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
      {locking !== null && <EditPin profile={locking} onClose={() => setLocking(null)} />}
      {open && (
        <p className="mb-4 rounded-xl bg-amber/10 px-3.5 py-3 text-sm text-pretty text-amber">
          Your own profile has no PIN: whoever stands before this device comes into it, but for children, who need your
          password.
        </p>
      )}
      <ul className="mb-4 flex flex-col divide-y divide-cream/8">
        {profiles.map((profile) => (
          <li key={profile.id} className="flex flex-wrap items-center gap-x-4 gap-y-3 py-3 first:pt-0">
            <Avatar name={profile.name} className="size-11 rounded-xl text-lg" />
            <div className="min-w-40 flex-1">
              <p className="truncate font-medium">{profile.name}</p>
              <p className="truncate text-sm text-smoke">{about(profile, names)}</p>
            </div>
            <span className="flex gap-2">
              <Button size="sm" onClick={() => setLocking(profile)} aria-label={`PIN of ${profile.name}`}>
                {profile.pin ? 'Change PIN' : 'Set a PIN'}
              </Button>
              {!profile.main && (
                <Button size="sm" onClick={() => setEditing(profile)} aria-label={`Change ${profile.name}`}>
                  Change
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      <Button icon="plus" onClick={() => setEditing('new')} data-testid="add-profile">
        Add a profile
      </Button>
    </>
  );
}

function about({ main, role, limits }: Profile, names: ReadonlyMap<string, string>): string {
  if (main) return 'Your own';
  const age = limits === null || limits.maxAge === null ? '' : ` · up to ${limits.maxAge}`;
  return `${ROLE_WORDS[role].label} · ${libraryWords(limits?.libraryIds ?? null, names)}${age}`;
}
