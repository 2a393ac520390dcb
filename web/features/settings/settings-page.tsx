import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type ChangeSettings, Settings } from '../../../shared/api/settings.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { meQuery, serverQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { AdminFrame } from '../admin/admin-frame.tsx';
import { useIsAdmin } from '../shell/roles.ts';
import { BackupPanel } from './backup-panel.tsx';
import { settingsQuery } from './queries.ts';
import { SELECT, SettingRow } from './setting-row.tsx';

/** What holds for the whole deployment, each with its meaning; and the backups. */
export function SettingsPage() {
  const settings = useQuery({ ...settingsQuery, enabled: useIsAdmin() });
  const role = useQuery(meQuery).data?.role;
  return (
    <AdminFrame title="Settings">
      {settings.isPending && <Skeleton className="h-64 rounded-2xl" />}
      {settings.isError && settings.data === undefined && (
        <ErrorState error={settings.error} onRetry={() => settings.refetch()} />
      )}
      {settings.data && (
        <div className="flex flex-col gap-8">
          <SettingsPanel settings={settings.data} />
          {role === 'owner' && <BackupPanel />}
        </div>
      )}
    </AdminFrame>
  );
}

function SettingsPanel({ settings }: { settings: Settings }) {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (body: ChangeSettings) => api.request(Settings, '/settings', { method: 'PUT', body }),
    onSuccess: async (changed) => {
      queries.setQueryData(settingsQuery.queryKey, changed);
      await queries.invalidateQueries({ queryKey: serverQuery.queryKey });
      toast('Saved.');
    },
    onError: (error) => toast(messageOf(error), 'error'),
  });
  return (
    <section className="panel divide-y divide-cream/8" data-testid="settings">
      <NameRow
        name={settings.serverName}
        busy={change.isPending}
        onSave={(serverName) => change.mutate({ serverName })}
      />
      <SettingRow
        label="Make a backup"
        meaning="Of all that people made: accounts, restrictions, what was watched, ratings, playlists, libraries. Films are not in it."
      >
        {(id) => (
          <select
            id={id}
            className={SELECT}
            value={settings.backupEvery}
            disabled={change.isPending}
            onChange={(event) => change.mutate({ backupEvery: event.target.value as Settings['backupEvery'] })}
          >
            <option value="day">Every day</option>
            <option value="week">Every week</option>
            <option value="never">Only when I ask for one</option>
          </select>
        )}
      </SettingRow>
      <SettingRow label="Keep" meaning="The oldest backup goes when there is one more than this.">
        {(id) => (
          <select
            id={id}
            className={SELECT}
            value={settings.backupKeep}
            disabled={change.isPending}
            onChange={(event) => change.mutate({ backupKeep: Number(event.target.value) })}
          >
            {[...new Set([3, 7, 14, 30, 60, settings.backupKeep])]
              .sort((a, b) => a - b)
              .map((n) => (
                <option key={n} value={n}>
                  {n} backups
                </option>
              ))}
          </select>
        )}
      </SettingRow>
    </section>
  );
}

function NameRow({ name, busy, onSave }: { name: string; busy: boolean; onSave(name: string): void }) {
  const [typed, setTyped] = useState(name);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    onSave(typed.trim());
  };
  return (
    <SettingRow label="Name of this server" meaning="People see it at the door and in invitations.">
      {(id) => (
        <form onSubmit={onSubmit} className="flex w-full gap-2 sm:w-auto">
          <input
            id={id}
            value={typed}
            required
            maxLength={60}
            onChange={(event) => setTyped(event.target.value)}
            className={`${SELECT} min-w-0 flex-1`}
            data-testid="server-name"
          />
          <Button type="submit" busy={busy} disabled={typed.trim() === '' || typed.trim() === name}>
            Save
          </Button>
        </form>
      )}
    </SettingRow>
  );
}
