import type { Role } from '../../shared/api/auth.ts';

/** Who asks: a signed-in person, as the access token says it. */
export interface Principal {
  userId: number;
  name: string;
  role: Role;
  /** The sign-in that the token belongs to; it ends as a whole. */
  authSessionId: string;
}
