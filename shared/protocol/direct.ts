/** Addresses that one agent announces at most. */
export const MAX_DIRECT_ADDRESSES = 16;
