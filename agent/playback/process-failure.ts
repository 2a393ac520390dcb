import { AgentFailure } from '../link/handlers.ts';

/** A sentence for a person, not a log. */
const MAX_DETAIL = 200;

/** A process that never ran says nothing about the file: another machine may play it. */
export function lostProcess(error: Error): AgentFailure {
  return new AgentFailure('liveness', 'agent-failed', `ffmpeg could not be run (${error.name}).`);
}

/** What ffmpeg said last, without its name of the film: paths stay on this machine. */
export function brokenBy(stderr: string, url: string, cause: Error | null = null): AgentFailure {
  const last = stderr.trim().split('\n').at(-1)?.trim() || cause?.message || 'it ends too early';
  const path = url.replace(/^file:/, '');
  const said = last.replaceAll(url, 'the file').replaceAll(path, 'the file').slice(0, MAX_DETAIL);
  return new AgentFailure('content', 'content-broken', `The file cannot be played: ${said}`);
}

/** The answer to whoever still waited for a session's bytes. */
export function ended(): AgentFailure {
  return new AgentFailure('session', 'session-ended', 'The session has ended.');
}

export function nothingHere(): AgentFailure {
  return new AgentFailure('content', 'content-broken', 'The file has nothing to show here.');
}
