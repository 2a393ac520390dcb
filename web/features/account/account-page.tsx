import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { meQuery, serverQuery } from '../../app/queries.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { toast } from '../../ui/toasts.tsx';
import { DeviceList } from '../people/device-list.tsx';
import { ROLE_WORDS } from '../people/words.ts';
import { ProfileList } from '../profiles/profile-list.tsx';
import { ApiKeyList } from './api-key-list.tsx';
import { ChangePassword } from './change-password.tsx';

/** One's own account. */
export function AccountPage() {
  const me = useQuery(meQuery).data;
  const server = useQuery(serverQuery).data;
  if (me === undefined) return null;
  if (me.id !== me.accountId) return <SharedAccount name={me.name} />;
  return (
    <div className="gutter mx-auto max-w-3xl pt-6 md:pt-8">
      <title>Account · Hearthcast</title>
      <h1 className="text-3xl font-bold md:text-4xl">{me.name}</h1>
      <p className="mt-1 text-sand">{ROLE_WORDS[me.role].label}</p>
      <section className="panel mt-6 p-5 sm:p-6">
        <h2 className="mb-4 text-xl font-semibold">Devices</h2>
        <DeviceList userId="me" />
        <div className="mt-5 flex flex-wrap gap-3 border-t border-cream/8 pt-5">
          {server?.devicePairing !== false && (
            <Link to="/pair" className={buttonClass('secondary', 'sm')}>
              Let a television in
            </Link>
          )}
          <SignOutEverywhere />
        </div>
      </section>
      {me.role !== 'child' && (
        <section id="profiles" className="panel mt-5 scroll-mt-20 p-5 sm:p-6">
          <h2 className="text-xl font-semibold">Profiles</h2>
          <p className="mt-1 mb-4 text-pretty text-sand">
            For those who share this account: each has a history of their own, and sees at most what you see.
          </p>
          <ProfileList />
        </section>
      )}
      <section className="panel mt-5 p-5 sm:p-6">
        <h2 className="mb-4 text-xl font-semibold">Password</h2>
        <ChangePassword />
      </section>
      {me.role !== 'child' && (
        <section className="panel mt-5 p-5 sm:p-6">
          <h2 className="text-xl font-semibold">API keys</h2>
          <p className="mt-1 mb-4 text-pretty text-sand">For scripts and other programs that act in your name.</p>
          <ApiKeyList />
        </section>
      )}
    </div>
  );
}

/** What there is of an account in the profile of somebody who shares it. */
function SharedAccount({ name }: { name: string }) {
  return (
    <div className="gutter mx-auto max-w-3xl pt-6 md:pt-8">
      <title>Account · Hearthcast</title>
      <h1 className="text-3xl font-bold md:text-4xl">{name}</h1>
      <section className="panel mt-6 p-5 sm:p-6">
        <p className="mb-5 text-pretty text-sand">
          Devices, the password and the profiles are looked after in the account’s own profile.
        </p>
        <Link to="/profiles" className={buttonClass('secondary', 'sm')}>
          Switch profile
        </Link>
      </section>
    </div>
  );
}

function SignOutEverywhere() {
  const queries = useQueryClient();
  const router = useRouter();
  const end = useMutation({
    mutationFn: () => api.command('/users/me/sessions', { method: 'DELETE' }),
    onSuccess: async () => {
      await router.navigate({ to: '/sign-in', replace: true });
      queries.clear();
    },
    onError: (error) => toast(messageOf(error), 'error'),
  });
  return (
    <Button size="sm" variant="danger" busy={end.isPending} onClick={() => end.mutate()}>
      Sign out everywhere
    </Button>
  );
}
