export const SESSION_STATES = ['opening', 'playing', 'resting', 'lost', 'moving', 'ended'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

export const SESSION_EVENTS = [
  /** The first owner admitted the session. */
  'opened',
  /** Nobody did. */
  'refused',
  /** A viewer's request failed at the owner. */
  'failed',
  /** Nobody asked for bytes for as long as the owner's lease: it has let go of the session, which waits for its viewer. */
  'rested',
  /** The owner went away, and nobody has asked since. */
  'lost',
  /** The owner came back and still has the session. */
  'back',
  /** A new owner admitted the session. */
  'moved',
  /** A living owner has handed it over. */
  'handed',
  /** No agent could take it over. */
  'stranded',
  /** The viewer stopped, or signed out. */
  'stop',
  /** It rested or was lost for too long, or its ticket ran out. */
  'expired',
] as const;
export type SessionEvent = (typeof SESSION_EVENTS)[number];

type Row = Readonly<Record<SessionEvent, SessionState | null>>;

const NOTHING: Row = {
  opened: null,
  refused: null,
  failed: null,
  rested: null,
  lost: null,
  back: null,
  moved: null,
  handed: null,
  stranded: null,
  stop: null,
  expired: null,
};

const ENDS = { stop: 'ended', expired: 'ended' } as const;

/** Every state's answer to every event; null is "no change", and so late and repeated messages do nothing. */
export const TRANSITIONS: Readonly<Record<SessionState, Row>> = {
  opening: { ...NOTHING, ...ENDS, opened: 'playing', refused: 'ended' },
  playing: { ...NOTHING, ...ENDS, failed: 'moving', rested: 'resting', lost: 'lost', handed: 'playing' },
  // Whether its last owner is there does not matter: whoever is will be asked when the viewer comes back.
  resting: { ...NOTHING, ...ENDS, failed: 'moving', back: 'playing' },
  lost: { ...NOTHING, ...ENDS, failed: 'moving', back: 'playing' },
  moving: { ...NOTHING, ...ENDS, moved: 'playing', stranded: 'lost' },
  ended: NOTHING,
};
