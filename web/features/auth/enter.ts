import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { SignedIn } from '../../../shared/api/auth.ts';
import { session } from '../../app/api.ts';
import { meQuery } from '../../app/queries.ts';

/** What happens when the door opens: remembers who it is and goes to where they wanted to be. */
export function useEnter(): (signedIn: SignedIn, next: string) => void {
  const queries = useQueryClient();
  const router = useRouter();
  return (signedIn, next) => {
    session.note(signedIn.expiresIn);
    queries.clear();
    queries.setQueryData(meQuery.queryKey, signedIn.user);
    router.history.replace(next);
  };
}
