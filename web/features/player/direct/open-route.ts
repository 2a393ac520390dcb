import { DirectAnswer, type PlayAnswer } from '../../../../shared/api/playback.ts';
import { api } from '../../../app/api.ts';
import { onPlaybackEvent } from '../playback-events.ts';
import { DirectRoute, type DirectState } from './direct-route.ts';
import { probe } from './probe.ts';

/** The viewer of this browser has let it ask once: it need not be offered again. */
const ALLOWED = 'hearthcast.direct-allowed';

/** Machines that were out of reach when they were looked for last, while this page is open. */
const outOfReach = new Set<string>();

/** The direct way of a session: looked for at once, and again when the session moves. Owned by who closes it. */
export function openRoute(answer: PlayAnswer, onState: (state: DirectState) => void): DirectRoute {
  const path = `/sessions/${answer.sessionId}/direct`;
  const route = new DirectRoute(answer.direct ?? null, {
    refresh: async () => (await api.request(DirectAnswer, path, { method: 'POST', body: {} })).direct,
    probe,
    mayAsk: localStorage.getItem(ALLOWED) !== null,
    doubtful: outOfReach.has(answer.direct?.agentId ?? ''),
    onState: (state) => {
      const { agentId = '' } = answer.direct ?? {};
      if (state.address) outOfReach.delete(agentId);
      else outOfReach.add(agentId);
      onState(state);
    },
  });
  onPlaybackEvent((event) => {
    const mine = event.topic === 'playback.state.changed' && event.sessionId === answer.sessionId;
    if (mine && event.state === 'moved') route.moved();
  }, route.closed);
  return route;
}

/** From now on the browser may ask whether this page may reach into its network. */
export function rememberAllowed(): void {
  localStorage.setItem(ALLOWED, '1');
}
