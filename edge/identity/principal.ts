import type { Scope } from '../../shared/api/api-keys.ts';
import type { Role } from '../../shared/api/auth.ts';
import type { Restrictions } from './restrictions.ts';

/** A sign-in of a person, as an access token carries it. */
export interface SignIn {
  userId: number;
  name: string;
  role: Role;
  /** The sign-in that a token belongs to, or the API key; it ends as a whole, and with it films and sockets. */
  authSessionId: string;
}

/** Who asks: name, role and restrictions as they are now, not as they were when the token was made. */
export interface Principal extends SignIn {
  /** The account; `userId` is the same, or one of its profiles. */
  accountId: number;
  restrictions: Restrictions;
  /** What an API key may do; null for a person's own sign-in. */
  scopes: readonly Scope[] | null;
  /** When an API key ends by itself (ms since 1970); null for never, and for sign-ins, whose end is told. */
  until?: number | null;
  /** While somebody sees as another: whose hidden facets hold. Nothing may be changed then. */
  hiddenAsOf?: number;
}
