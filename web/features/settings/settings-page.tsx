import { useQuery } from '@tanstack/react-query';
import type { Settings } from '../../../shared/api/settings.ts';
import { meQuery } from '../../app/queries.ts';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { AdminFrame } from '../admin/admin-frame.tsx';
import { useIsAdmin } from '../shell/roles.ts';
import { BackupPanel } from './backup-panel.tsx';
import { settingsQuery } from './queries.ts';
import { BackupSettings, DoorSettings, MachineSettings, PeopleSettings } from './setting-groups.tsx';
import { useChangeSettings } from './use-settings.ts';

/** What holds for the whole deployment, each with its meaning; and the backups. */
export function SettingsPage() {
  const settings = useQuery({ ...settingsQuery, enabled: useIsAdmin() });
  return (
    <AdminFrame title="Settings">
      {settings.isPending && <Skeleton className="h-64 rounded-2xl" />}
      {settings.isError && settings.data === undefined && (
        <ErrorState error={settings.error} onRetry={() => settings.refetch()} />
      )}
      {settings.data && <Groups settings={settings.data} />}
    </AdminFrame>
  );
}

function Groups({ settings }: { settings: Settings }) {
  const role = useQuery(meQuery).data?.role;
  const group = { settings, ...useChangeSettings() };
  return (
    <div className="flex max-w-4xl flex-col gap-9" data-testid="settings">
      <DoorSettings {...group} />
      <PeopleSettings {...group} />
      <MachineSettings {...group} />
      <BackupSettings {...group} />
      {role === 'owner' && <BackupPanel />}
    </div>
  );
}
