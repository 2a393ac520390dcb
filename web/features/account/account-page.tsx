import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { meQuery } from '../../app/queries.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { toast } from '../../ui/toasts.tsx';
import { DeviceList } from '../people/device-list.tsx';
import { ROLE_WORDS } from '../people/words.ts';
import { ApiKeyList } from './api-key-list.tsx';
import { ChangePassword } from './change-password.tsx';

/** One's own account. */
export function AccountPage() {
  const me = useQuery(meQuery).data;
  if (me === undefined) return null;
  return (
    <div className="gutter mx-auto max-w-3xl pt-6 md:pt-8">
      <title>Account · Hearthcast</title>
      <h1 className="text-3xl font-bold md:text-4xl">{me.name}</h1>
      <p className="mt-1 text-sand">{ROLE_WORDS[me.role].label}</p>
      <section className="panel mt-6 p-5 sm:p-6">
        <h2 className="mb-4 text-xl font-semibold">Devices</h2>
        <DeviceList userId="me" />
        <div className="mt-5 flex flex-wrap gap-3 border-t border-cream/8 pt-5">
          <Link to="/pair" className={buttonClass('secondary', 'sm')}>
            Let a television in
          </Link>
          <SignOutEverywhere />
        </div>
      </section>
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
