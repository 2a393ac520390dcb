import type { Env } from '../../../edge/env.ts';
import { issueAccessToken } from '../../../edge/identity/access-tokens.ts';
import edge, {
  AgentLink as PlainAgentLink,
  EventHub as PlainEventHub,
  Fleet as PlainFleet,
  PlaybackSession as PlainPlaybackSession,
} from '../../../edge/index.ts';

/** Where the count is read: below a path that the local edge gives to the Worker. */
const COUNTS_PATH = '/health/statements';

/** Where a person's access token is made, past the password: `?user=ID`. */
const TOKEN_PATH = '/health/token';

/** Statements that the database was asked, by who asked it. */
const counts = { read: 0, segment: 0, other: 0, objects: 0 };

/** The edge as it is, with its statements counted. */
// biome-ignore lint/style/noDefaultExport: the form of a Worker.
export default {
  ...edge,
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === COUNTS_PATH) return Response.json(counts);
    if (pathname === TOKEN_PATH) return new Response(await tokenOf(env, Number(searchParams.get('user'))));
    return edge.fetch(request, counting(env, kindOf(pathname)), ctx);
  },
} satisfies ExportedHandler<Env>;

export class AgentLink extends PlainAgentLink {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, counting(env, 'objects'));
  }
}
export class EventHub extends PlainEventHub {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, counting(env, 'objects'));
  }
}
export class Fleet extends PlainFleet {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, counting(env, 'objects'));
  }
}
export class PlaybackSession extends PlainPlaybackSession {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, counting(env, 'objects'));
  }
}

function tokenOf(env: Env, userId: number): Promise<string> {
  const signIn = { userId, name: '', role: 'member', authSessionId: `ats_bench_${userId}` } as const;
  return issueAccessToken(env, signIn, Date.now());
}

function kindOf(pathname: string): keyof typeof counts {
  if (pathname === '/api/v1/users/me') return 'read';
  return pathname.startsWith('/stream/') ? 'segment' : 'other';
}

function counting(env: Env, kind: keyof typeof counts): Env {
  const database = new Proxy(env.DB, {
    get(target, name) {
      if (name === 'prepare') counts[kind]++;
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return new Proxy(env, { get: (target, name) => (name === 'DB' ? database : Reflect.get(target, name)) });
}
