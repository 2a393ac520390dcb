import { z } from 'zod';
import { NewPassword, Role, TokenDelivery, User, Username } from './auth.ts';

export const LibraryIds = z.array(z.string().regex(/^\d{1,15}$/)).max(53);

/** Years of age up to which titles are shown, by their rating; null is no limit. A child sees nothing unrated then. */
export const MaxAge = z.number().int().min(0).max(21).nullable();

/** A person as owners and admins see them. */
export const Person = User.extend({
  disabled: z.boolean(),
  /** The libraries that the person sees; null is all of them, those to come included. */
  libraryIds: z.array(z.string()).nullable(),
  maxAge: MaxAge,
  createdAt: z.number().int(),
  /** When a device of theirs was last used; null is never. */
  lastSeenAt: z.number().int().nullable(),
  /** Those who share the account, beside its own profile. */
  profiles: z.array(User),
});
export type Person = z.infer<typeof Person>;
export const People = z.object({ items: z.array(Person) });

export const CreatePerson = z.object({
  username: Username,
  password: NewPassword,
  role: Role.exclude(['owner']),
  libraryIds: LibraryIds.nullable().default(null),
  maxAge: MaxAge.default(null),
});
export type CreatePerson = z.infer<typeof CreatePerson>;

/** All that an admin sets of a person, as a whole. */
export const ChangePerson = z.object({
  role: Role,
  disabled: z.boolean(),
  libraryIds: LibraryIds.nullable(),
  maxAge: MaxAge.default(null),
});
export type ChangePerson = z.infer<typeof ChangePerson>;

export const ChangePassword = z.object({ current: z.string().min(1).max(256), password: NewPassword });

/** A one-time code that sets a new password. */
export const ResetCode = z.object({ code: z.string(), expiresAt: z.number().int() });
export type ResetCode = z.infer<typeof ResetCode>;

const Code = z.string().min(1).max(64);

export const ResetPassword = z.object({ code: Code, password: NewPassword });

/** The name of the header that carries a word of `SeeAs` with requests that read. */
export const SEE_AS_HEADER = 'hearthcast-see-as';

/** A view of the catalog with somebody else's restrictions, for this sign-in and a while. */
export const SeeAs = z.object({ word: z.string(), name: z.string(), role: Role, expiresAt: z.number().int() });
export type SeeAs = z.infer<typeof SeeAs>;

export const Device = z.object({
  id: z.string(),
  device: z.string(),
  address: z.string().nullable(),
  createdAt: z.number().int(),
  /** To a quarter of an hour: when the sign-in was last renewed. */
  lastUsedAt: z.number().int(),
  /** The one that asks. */
  current: z.boolean(),
});
export type Device = z.infer<typeof Device>;
export const Devices = z.object({ items: z.array(Device) });

const MAX_INVITATION_DAYS = 30;

export const CreateInvitation = z.object({
  role: Role.exclude(['owner']),
  libraryIds: LibraryIds.nullable().default(null),
  maxAge: MaxAge.default(null),
  /** For whom it is, in the inviter's own words. */
  note: z.string().trim().max(100).default(''),
  expiresInDays: z.number().int().min(1).max(MAX_INVITATION_DAYS).default(7),
});
export type CreateInvitation = z.infer<typeof CreateInvitation>;

export const Invitation = z.object({
  id: z.string(),
  role: Role,
  libraryIds: z.array(z.string()).nullable(),
  maxAge: MaxAge,
  note: z.string(),
  state: z.enum(['open', 'used', 'expired', 'revoked']),
  /** Who came in by it. */
  usedBy: z.string().nullable(),
  createdAt: z.number().int(),
  expiresAt: z.number().int(),
});
export type Invitation = z.infer<typeof Invitation>;
export const Invitations = z.object({ items: z.array(Invitation) });

/** The code is shown here, and never again. */
export const CreatedInvitation = Invitation.extend({ code: z.string() });
export type CreatedInvitation = z.infer<typeof CreatedInvitation>;

export const InvitationCode = z.object({ code: Code });

/** What an invitation offers to whoever holds its code. */
export const InvitationOffer = z.object({ server: z.string(), role: Role, expiresAt: z.number().int() });
export type InvitationOffer = z.infer<typeof InvitationOffer>;

export const JoinRequest = z.object({
  code: Code,
  username: Username,
  password: NewPassword,
  device: z.string().max(100).default('unknown device'),
  delivery: TokenDelivery,
});
export type JoinRequest = z.infer<typeof JoinRequest>;
