import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Person } from '../../../shared/api/users.ts';
import { librariesQuery, meQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { ago } from '../../ui/format.ts';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { AdminFrame } from '../admin/admin-frame.tsx';
import { useIsAdmin } from '../shell/roles.ts';
import { EditPerson } from './edit-person.tsx';
import { InvitationList } from './invitation-list.tsx';
import { Invite } from './invite.tsx';
import { peopleQuery } from './queries.ts';
import { SigningKey } from './signing-key.tsx';
import { libraryWords, ROLE_WORDS } from './words.ts';

/** Everybody who may come in, and the invitations that are out. */
export function PeoplePage() {
  const people = useQuery({ ...peopleQuery, enabled: useIsAdmin() });
  const me = useQuery(meQuery).data;
  const [inviting, setInviting] = useState(false);
  const [editing, setEditing] = useState<Person | null>(null);
  const list = people.data?.items;
  return (
    <AdminFrame
      title="People"
      action={
        <Button variant="primary" icon="plus" data-testid="invite" onClick={() => setInviting(true)}>
          Invite
        </Button>
      }
    >
      {inviting && <Invite onClose={() => setInviting(false)} />}
      {editing && <EditPerson person={editing} onClose={() => setEditing(null)} />}
      {people.isPending && [1, 2].map((n) => <Skeleton key={n} className="mb-3 h-20 rounded-2xl" />)}
      {people.isError && list === undefined && <ErrorState error={people.error} onRetry={() => people.refetch()} />}
      <ul className="grid grid-cols-1 gap-3 lg:grid-cols-2">
        {list?.map((person) => (
          <li key={person.id}>
            <PersonCard person={person} onEdit={() => setEditing(person)} />
          </li>
        ))}
      </ul>
      <InvitationList />
      {me?.role === 'owner' && <SigningKey />}
    </AdminFrame>
  );
}

function PersonCard({ person, onEdit }: { person: Person; onEdit(): void }) {
  const me = useQuery(meQuery).data;
  const libraries = useQuery(librariesQuery).data?.items ?? [];
  const names = new Map(libraries.map((library) => [library.id, library.name]));
  const mine = me?.id === person.id;
  const manageable = !mine && (me?.role === 'owner' || person.role === 'member' || person.role === 'child');
  const restricted = person.role === 'member' || person.role === 'child';
  return (
    <div className="panel flex items-center gap-4 p-4 sm:px-5" data-testid="person" data-name={person.name}>
      <span
        className={`grid size-11 shrink-0 place-items-center rounded-full bg-ash-800 text-lg font-bold ${person.disabled ? 'text-smoke' : 'text-amber'}`}
      >
        {[...person.name][0]?.toUpperCase()}
      </span>
      <div className="min-w-0 flex-1">
        <p className="line-clamp-2 font-semibold wrap-anywhere">
          {person.name}
          {mine && <span className="font-normal text-smoke"> · you</span>}
        </p>
        <p className="text-sm text-pretty text-sand">
          {ROLE_WORDS[person.role].label}
          {restricted && ` · ${libraryWords(person.libraryIds, names)}`}
          {restricted && person.maxAge !== null && ` · up to ${person.maxAge}`}
        </p>
        {person.profiles.length > 0 && (
          <p className="text-sm text-pretty text-sand">with {person.profiles.map(({ name }) => name).join(', ')}</p>
        )}
        <p className="text-sm text-smoke">
          {person.disabled
            ? 'Turned off'
            : person.lastSeenAt === null
              ? 'Never signed in'
              : `Last here ${ago(person.lastSeenAt, Date.now())}`}
        </p>
      </div>
      {manageable && (
        <Button size="sm" onClick={onEdit} aria-label={`Change ${person.name}`}>
          Change
        </Button>
      )}
    </div>
  );
}
