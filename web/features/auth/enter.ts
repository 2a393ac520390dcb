import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { SignedIn } from '../../../shared/api/auth.ts';
import { session } from '../../app/api.ts';
import { tellOtherTabs } from '../../app/other-tabs.ts';
import { profilesQuery } from '../profiles/queries.ts';

/**
 * What happens when the door opens: what another person saw is forgotten, and they go to where they wanted to be; past
 * the question who of the account it is, where several share it and none was `chosen`.
 */
export function useEnter(): (signedIn: SignedIn, next: string, who?: 'chosen') => Promise<void> {
  const queries = useQueryClient();
  const router = useRouter();
  return async (signedIn, next, who) => {
    session.note(signedIn.expiresIn);
    queries.clear();
    tellOtherTabs();
    const sharers = who === 'chosen' ? null : await queries.fetchQuery(profilesQuery).catch(() => null);
    const asks = (sharers?.items.length ?? 0) > 1;
    router.history.replace(asks ? `/profiles?${new URLSearchParams({ next })}` : next);
  };
}
