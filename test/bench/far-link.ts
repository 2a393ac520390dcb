import { TestAgent } from '../fakes/agent.ts';
import { startEdge } from '../fakes/edge.ts';
import { lossyNetwork } from '../fakes/proxy.ts';

/** The link on a network with delay: `ms` there and back between agent and edge, and as much between edge and viewer. */
export interface FarLink extends AsyncDisposable {
  /** Where a viewer asks for the whole film or ranges of it; each address is a session of its own. */
  address(): string;
}

export async function startFarLink(filmBytes: number, ms: number): Promise<FarLink> {
  await using stack = new AsyncDisposableStack();
  const edge = stack.use(await startEdge());
  const home = stack.use(await lossyNetwork(edge.origin, { delayMs: ms / 2 }));
  const away = stack.use(await lossyNetwork(edge.origin, { delayMs: ms / 2 }));
  const agent = stack.use(await TestAgent.enrol(edge, filmBytes));
  await agent.process({ edge: home.origin });
  const owned = stack.move();
  let sessions = 0;
  return {
    address() {
      const session = `ses_${String(++sessions).padStart(22, '0')}`;
      return `${away.origin}/viewer/${agent.identity.agentId}/bytes?session=${session}&generation=1`;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
