import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ApiKeys } from '../../../shared/api/api-keys.ts';
import { type AuditEvent, AuditPage } from '../../../shared/api/audit.ts';
import { HiddenFacets } from '../../../shared/api/facets.ts';
import { Devices, Invitations, People } from '../../../shared/api/users.ts';
import { api } from '../../app/api.ts';

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => api.request(People, '/users', { signal }),
});

export const invitationsQuery = queryOptions({
  queryKey: ['invitations'],
  queryFn: ({ signal }) => api.request(Invitations, '/invitations', { signal }),
});

/** Where a person is signed in; `me` is whoever asks. */
export const devicesQuery = (userId: string) =>
  queryOptions({
    queryKey: ['devices', userId],
    queryFn: ({ signal }) => api.request(Devices, `/users/${userId}/sessions`, { signal }),
  });

/** What is hidden from a person beside libraries and ages. */
export const hiddenQuery = (userId: string) =>
  queryOptions({
    queryKey: ['hidden', userId],
    queryFn: ({ signal }) => api.request(HiddenFacets, `/users/${userId}/hidden`, { signal }),
  });

export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal }) => api.request(ApiKeys, '/api-keys', { signal }),
});

/** The audit log, the newest first. */
export const auditQuery = (event: AuditEvent | '', userId: string) =>
  infiniteQueryOptions({
    queryKey: ['audit', event, userId],
    queryFn: ({ pageParam, signal }) => {
      const query = auditFilter(event, userId);
      if (pageParam !== null) query.set('cursor', pageParam);
      return api.request(AuditPage, `/audit?${query}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

export function auditFilter(event: AuditEvent | '', userId: string): URLSearchParams {
  return new URLSearchParams({ ...(event && { event }), ...(userId && { userId }) });
}
