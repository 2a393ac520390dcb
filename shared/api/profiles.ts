import { z } from 'zod';
import { Role, TokenDelivery } from './auth.ts';
import { LibraryIds, MaxAge } from './users.ts';

/** Digits, for a remote control. Wrong ones are counted, and cost ever longer pauses. */
const Pin = z.string().regex(/^\d{4,8}$/, 'A PIN has 4 to 8 digits.');

const ProfileName = z.string().trim().min(1).max(40);

/** One of those who share an account: each with a history, restrictions and a PIN of their own. */
export const Profile = z.object({
  id: z.string(),
  name: z.string(),
  role: Role,
  /** The account's own profile, which alone looks after the account. */
  main: z.boolean(),
  /** Whether it opens by a PIN. */
  pin: z.boolean(),
  /** The one that asks. */
  current: z.boolean(),
  /** What it may see at most, within what the account may; null where the asker is not the account's own profile. */
  limits: z.object({ libraryIds: z.array(z.string()).nullable(), maxAge: MaxAge }).nullable(),
});
export type Profile = z.infer<typeof Profile>;
export const Profiles = z.object({ items: z.array(Profile) });

const Settings = {
  name: ProfileName,
  role: Role.extract(['member', 'child']),
  libraryIds: LibraryIds.nullable().default(null),
  maxAge: MaxAge.default(null),
};

export const CreateProfile = z.object({ ...Settings, pin: Pin.nullable().default(null) });
export type CreateProfile = z.infer<typeof CreateProfile>;

/** All that is set of a profile but its PIN, as a whole. */
export const ChangeProfile = z.object(Settings);
export type ChangeProfile = z.infer<typeof ChangeProfile>;

/** Null takes the PIN away. */
export const SetPin = z.object({ pin: Pin.nullable() });

/** The PIN of the profile that is opened, or the account's password, which opens each. */
export const OpenProfile = z.object({
  pin: z.string().max(20).optional(),
  password: z.string().min(1).max(256).optional(),
  delivery: TokenDelivery,
});
export type OpenProfile = z.infer<typeof OpenProfile>;
