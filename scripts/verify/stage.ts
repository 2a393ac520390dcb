import type { Heartbeat } from '../../agent/link/socket.ts';
import type { ThrowAwayAgent } from './throw-away-agent.ts';

/** How long things are watched. */
export interface Times {
  /** The viewer's pause. */
  pauseMs: number;
  /** How long it is looked whether the film goes on after it. */
  readOnMs: number;
  /** How long the machine may take to hear that its viewer has left. */
  leavingMs: number;
  /** A download for its rate ends after this, done or not. */
  throughputMs: number;
  heartbeat: Heartbeat;
}

/** What the checks of a film's way work with. */
export interface Stage {
  agent: ThrowAwayAgent;
  /** Where the film is asked for. */
  url: string;
  times: Times;
  signal: AbortSignal;
}
