import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { meQuery } from '../../app/queries.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { Popover } from '../../ui/popover.tsx';
import { toast } from '../../ui/toasts.tsx';
import { profilesQuery } from '../profiles/queries.ts';
import { isAdmin } from './roles.ts';

const ENTRY =
  'flex w-full items-center gap-3 rounded-xl px-3 py-2.5 text-left text-[0.95rem] text-sand transition-colors hover:bg-cream/8 hover:text-cream';

const ADMIN_LINKS: readonly {
  to: '/admin/machines' | '/admin/activity' | '/admin/people';
  icon: IconName;
  label: string;
}[] = [
  { to: '/admin/machines', icon: 'machines', label: 'Machines and sites' },
  { to: '/admin/activity', icon: 'activity', label: 'Who is watching' },
  { to: '/admin/people', icon: 'user', label: 'People' },
];

const OWN_LINKS: readonly { to: '/favorites' | '/playlists' | '/history' | '/stats'; icon: IconName; label: string }[] =
  [
    { to: '/favorites', icon: 'heart', label: 'Favourites' },
    { to: '/playlists', icon: 'list', label: 'Playlists' },
    { to: '/history', icon: 'restart', label: 'History' },
    { to: '/stats', icon: 'activity', label: 'Statistics' },
  ];

export function AccountMenu() {
  const me = useQuery(meQuery).data;
  const sharers = useQuery(profilesQuery).data?.items.length ?? 1;
  const queries = useQueryClient();
  const router = useRouter();
  const signOut = useMutation({
    mutationFn: () => api.command('/auth/logout', { method: 'POST', body: {} }),
    onSuccess: async () => {
      await router.navigate({ to: '/sign-in', replace: true });
      queries.clear();
    },
    onError: (error) => toast(messageOf(error), 'error'),
  });
  if (me === undefined) return null;
  return (
    <Popover
      label={`Account of ${me.name}`}
      testId="account-menu"
      trigger={[...me.name][0]?.toUpperCase()}
      triggerClass="grid size-10 place-items-center rounded-full bg-linear-to-br from-amber to-ember text-[1.05rem] font-bold text-[#241003] transition hover:brightness-110"
      panelClass="right-0 mt-2 w-64"
    >
      {(close) => (
        <>
          <div className="px-3 pt-2 pb-3">
            <p className="truncate font-semibold">{me.name}</p>
            <p className="text-sm text-smoke capitalize">{me.role}</p>
          </div>
          <div className="mb-1.5 border-t border-cream/8" />
          {OWN_LINKS.map(({ to, icon, label }) => (
            <Link key={to} to={to} onClick={close} className={ENTRY}>
              <Icon name={icon} />
              {label}
            </Link>
          ))}
          <div className="my-1.5 border-t border-cream/8" />
          {isAdmin(me.role) &&
            ADMIN_LINKS.map(({ to, icon, label }) => (
              <Link key={to} to={to} onClick={close} className={ENTRY}>
                <Icon name={icon} />
                {label}
              </Link>
            ))}
          {sharers > 1 && (
            <Link to="/profiles" onClick={close} className={ENTRY} data-testid="switch-profile">
              <Icon name="users" />
              Switch profile
            </Link>
          )}
          <Link to="/account" onClick={close} className={ENTRY} data-testid="account">
            <Icon name="settings" />
            Account and devices
          </Link>
          <button type="button" className={ENTRY} data-testid="sign-out" onClick={() => signOut.mutate()}>
            <Icon name="logout" />
            Sign out
          </button>
        </>
      )}
    </Popover>
  );
}
