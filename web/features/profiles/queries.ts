import { queryOptions } from '@tanstack/react-query';
import { Profiles } from '../../../shared/api/profiles.ts';
import { api } from '../../app/api.ts';

/** Those who share the account of whoever is signed in, its own profile first. */
export const profilesQuery = queryOptions({
  queryKey: ['profiles'],
  queryFn: ({ signal }) => api.request(Profiles, '/profiles', { signal }),
  staleTime: 5 * 60_000,
});
