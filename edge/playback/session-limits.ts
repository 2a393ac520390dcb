/** An agent reads a file's index when it opens it, on a slow disk too. */
export const OPEN_DEADLINE_MS = 12_000;
/** A machine that is away learns it with its next hello instead. */
export const CLOSE_DEADLINE_MS = 5_000;

/** A viewer waits this long for a start at most; no further copy is asked after it. */
export const START_BUDGET_MS = 25_000;

/** A move is asked for in the middle of a viewer's request, with some ten seconds buffered. */
export const MOVE_BUDGET_MS = 12_000;

/** Where nobody is present a move asks once more after this, since most agents that went away are back in seconds. */
export const MOVE_PAUSE_MS = 1_500;
export const MOVE_ROUNDS = 4;

/** After a move in vain, requests are refused for this long without asking everyone again. */
export const STRANDED_PAUSE_MS = 1_000;
