import { queryOptions } from '@tanstack/react-query';
import { Backups } from '../../../shared/api/backups.ts';
import { Settings } from '../../../shared/api/settings.ts';
import { api } from '../../app/api.ts';

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => api.request(Settings, '/settings', { signal }),
});

export const backupsQuery = queryOptions({
  queryKey: ['backups'],
  queryFn: ({ signal }) => api.request(Backups, '/backups', { signal }),
});
