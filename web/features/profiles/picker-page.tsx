import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { SignedIn } from '../../../shared/api/auth.ts';
import type { OpenProfile, Profile } from '../../../shared/api/profiles.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { meQuery } from '../../app/queries.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useEnter } from '../auth/enter.ts';
import { PinDialog } from './pin-dialog.tsx';
import { profilesQuery } from './queries.ts';

/** Who of those who share an account goes on. */
export function PickerPage() {
  const profiles = useQuery(profilesQuery);
  const me = useQuery(meQuery).data;
  const { next = '/' } = useSearch({ from: '/member/profiles' });
  const [asked, setAsked] = useState<Profile | null>(null);
  const enter = useEnter();
  const router = useRouter();
  const open = useMutation({
    mutationFn: ({ id, proof }: { id: string; proof: Pick<OpenProfile, 'pin' | 'password'> }) =>
      api.request(SignedIn, `/profiles/${id}/open`, { method: 'POST', body: { ...proof, delivery: 'cookie' } }),
    onSuccess: (signedIn) => enter(signedIn, next, 'chosen'),
    onError: (error) => (asked === null ? toast(messageOf(error), 'error') : undefined),
  });
  const choose = (profile: Profile) => {
    open.reset();
    if (profile.current) router.history.replace(next);
    else if (profile.pin || me?.role === 'child') setAsked(profile);
    else open.mutate({ id: profile.id, proof: {} });
  };
  return (
    <main className="hearth-glow grid min-h-dvh place-items-center px-4 py-10">
      <title>Who is watching? · Hearthcast</title>
      {asked !== null && (
        <PinDialog
          profile={asked}
          busy={open.isPending}
          error={open.error}
          onProof={(proof) => open.mutate({ id: asked.id, proof })}
          onClose={() => setAsked(null)}
        />
      )}
      <div className="w-full max-w-3xl animate-rise text-center">
        <h1 className="text-3xl font-bold md:text-4xl">Who is watching?</h1>
        {profiles.isError && <ErrorState error={profiles.error} onRetry={() => profiles.refetch()} />}
        <ul className="mt-10 flex flex-wrap justify-center gap-x-6 gap-y-8 md:mt-14 md:gap-x-9">
          {profiles.data?.items.map((profile) => (
            <li key={profile.id}>
              <button
                type="button"
                disabled={open.isPending}
                onClick={() => choose(profile)}
                data-testid="profile"
                data-name={profile.name}
                className="group flex w-28 flex-col items-center gap-3 rounded-3xl disabled:opacity-60 md:w-36"
              >
                <Avatar
                  name={profile.name}
                  className="size-28 rounded-3xl text-5xl shadow-xl shadow-black/40 ring-amber transition duration-200 group-hover:scale-105 group-focus-visible:ring-3 md:size-36 md:text-6xl"
                />
                <span className="flex max-w-full items-center gap-1.5 text-sand group-hover:text-cream">
                  <span className="line-clamp-2 text-lg leading-snug font-medium wrap-anywhere">{profile.name}</span>
                  {profile.pin && <Icon name="lock" className="size-4 shrink-0 text-smoke" />}
                </span>
              </button>
            </li>
          ))}
        </ul>
        {me !== undefined && me.id === me.accountId && me.role !== 'child' && (
          <Link to="/account" hash="profiles" className={`mt-12 ${buttonClass('ghost', 'sm')}`}>
            Look after profiles
          </Link>
        )}
      </div>
    </main>
  );
}
