import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ChangeSettings, Settings } from '../../../shared/api/settings.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { serverQuery } from '../../app/queries.ts';
import { toast } from '../../ui/toasts.tsx';
import { settingsQuery } from './queries.ts';

/** What a group of settings is shown from, and changes. */
export interface SettingsGroup {
  settings: Settings;
  busy: boolean;
  change(changes: ChangeSettings): void;
}

/** Changes some settings, at once; what the server then says holds. */
export function useChangeSettings(): Omit<SettingsGroup, 'settings'> {
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
  return { busy: change.isPending, change: change.mutate };
}
