import { z } from 'zod';

/** Where an agent sends bytes that nobody wants, to learn what its line carries. */
export const UPLINK_PATH = '/agent/v1/uplink';

/** Bytes of one such request at most: a gigabit's worth of an eighth of a second. */
export const MAX_UPLINK_BYTES = 16 * 1024 * 1024;

/** The edge's answer: how many bytes came. */
export const UplinkAnswer = z.object({ bytes: z.number().int().nonnegative() });
