import { Link, useLocation } from '@tanstack/react-router';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { useIsAdmin } from './roles.ts';

interface Tab {
  to: '/' | '/libraries' | '/search' | '/admin/machines';
  icon: IconName;
  label: string;
}

const TABS: readonly Tab[] = [
  { to: '/', icon: 'home', label: 'Home' },
  { to: '/libraries', icon: 'library', label: 'Libraries' },
  { to: '/search', icon: 'search', label: 'Search' },
];
const ADMIN_TABS: readonly Tab[] = [...TABS, { to: '/admin/machines', icon: 'machines', label: 'Machines' }];

/** The ways on a phone, within reach of a thumb. */
export function BottomTabs() {
  const tabs = useIsAdmin() ? ADMIN_TABS : TABS;
  // All that is looked after is behind the one tab.
  const admin = useLocation({ select: ({ pathname }) => pathname.startsWith('/admin/') });
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-cream/8 bg-coal/90 pb-[env(safe-area-inset-bottom)] backdrop-blur-xl md:hidden"
    >
      {tabs.map(({ to, icon, label }) => (
        <Link
          key={to}
          to={to}
          {...(admin && to === '/admin/machines' ? { 'aria-current': 'page' as const } : {})}
          activeOptions={{ exact: to === '/', includeSearch: false }}
          className="flex h-16 flex-1 flex-col items-center justify-center gap-1 text-xs font-medium text-smoke transition-colors aria-[current=page]:text-amber"
        >
          <Icon name={icon} className="size-6" />
          {label}
        </Link>
      ))}
    </nav>
  );
}
