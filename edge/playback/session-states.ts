export const SESSION_STATES = ['opening', 'playing', 'lost', 'moving', 'ended'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

export const SESSION_EVENTS = [
  /** The first owner admitted the session. */
  'opened',
  /** Nobody did. */
  'refused',
  /** A viewer's request failed at the owner. */
  'failed',
  /** The owner went away, and nobody has asked since. */
  'lost',
  /** The owner came back and still has the session. */
  'back',
  /** A new owner admitted the session. */
  'moved',
  /** No agent could take it over. */
  'stranded',
  /** The viewer stopped, or signed out. */
  'stop',
  /** The lease ended, or the session was lost for too long, or its ticket ran out. */
  'expired',
] as const;
export type SessionEvent = (typeof SESSION_EVENTS)[number];

type Row = Readonly<Record<SessionEvent, SessionState | null>>;

const NOTHING: Row = {
  opened: null,
  refused: null,
  failed: null,
  lost: null,
  back: null,
  moved: null,
  stranded: null,
  stop: null,
  expired: null,
};

const ENDS = { stop: 'ended', expired: 'ended' } as const;

/** Every state's answer to every event; null is "no change", and so late and repeated messages do nothing. */
export const TRANSITIONS: Readonly<Record<SessionState, Row>> = {
  opening: { ...NOTHING, ...ENDS, opened: 'playing', refused: 'ended' },
  playing: { ...NOTHING, ...ENDS, failed: 'moving', lost: 'lost' },
  lost: { ...NOTHING, ...ENDS, failed: 'moving', back: 'playing' },
  moving: { ...NOTHING, ...ENDS, moved: 'playing', stranded: 'lost' },
  ended: NOTHING,
};
