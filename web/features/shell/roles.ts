import { useQuery } from '@tanstack/react-query';
import type { Role } from '../../../shared/api/auth.ts';
import { meQuery } from '../../app/queries.ts';

export const isAdmin = (role: Role | undefined) => role === 'owner' || role === 'admin';

/** Whether the person may change machines and libraries. The server decides again at every request. */
export function useIsAdmin(): boolean {
  return isAdmin(useQuery(meQuery).data?.role);
}

/** Whether the person may take files along. The server decides again at every request. */
export function useMayKeep(): boolean {
  const role = useQuery(meQuery).data?.role;
  return role !== undefined && role !== 'child';
}
