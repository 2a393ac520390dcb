import { DurableObject } from 'cloudflare:workers';
import { z } from 'zod';
import { Role } from '../../shared/api/auth.ts';
import type { ServerEvent } from '../../shared/api/events.ts';
import type { Env } from '../env.ts';
import type { Audience } from './event-publisher.ts';
import { UpdateThrottle } from './update-throttle.ts';

/** Windows that one person has open at once; the oldest makes room. */
const MAX_SOCKETS_PER_USER = 16;

/** All browsers of a deployment: the platform holds 32,768 sockets an object. */
const MAX_SOCKETS = 10_000;

/** RFC 6455's code for what the rules do not allow. */
const POLICY_VIOLATION = 1008;
const TRY_LATER = 1013;

/** Headers by which the Worker says whose socket it is; it makes the request itself, so no client can set them. */
export const SUBSCRIBER_HEADERS = {
  userId: 'hc-user-id',
  role: 'hc-role',
  authSessionId: 'hc-auth-session',
  restricted: 'hc-restricted',
  until: 'hc-until',
} as const;

const Subscriber = z.object({
  userId: z.coerce.number().int().positive(),
  role: Role,
  authSessionId: z.string().min(1).max(200),
  restricted: z.enum(['yes', 'no']),
  /** When an API key ends by itself, in ms since 1970: nobody tells of that. */
  until: z.coerce.number().int().positive().nullable(),
});

/** What an open socket carries over the sleep of its object. */
interface Attachment {
  openedAt: number;
  until: number | null;
}

const userTag = (userId: number) => `user:${userId}`;
const sessionTag = (authSessionId: string) => `session:${authSessionId}`;
const ADMINS_TAG = 'admins';
/** Those who see everything: names of folders and of machines, and which library has changed, are for them. */
const UNRESTRICTED_TAG = 'unrestricted';

/** One per deployment: browsers' WebSockets (hibernating), filtered by what each user may see. */
export class EventHub extends DurableObject<Env> {
  readonly #updates = new UpdateThrottle((libraryIds) => {
    const told = new Set(this.ctx.getWebSockets(UNRESTRICTED_TAG));
    this.#send([...told], { topic: 'metadata.updated', libraryIds });
    // The others hear that something has changed: where, may be what they must not know.
    const others = this.ctx.getWebSockets().filter((socket) => !told.has(socket));
    this.#send(others, { topic: 'metadata.updated', libraryIds: [] });
  });

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    // Answered by the platform without waking the object.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  /** Takes over the upgrade of a request that the Worker has authenticated. */
  override async fetch(request: Request): Promise<Response> {
    const subscriber = Subscriber.safeParse({
      userId: request.headers.get(SUBSCRIBER_HEADERS.userId),
      role: request.headers.get(SUBSCRIBER_HEADERS.role),
      authSessionId: request.headers.get(SUBSCRIBER_HEADERS.authSessionId),
      restricted: request.headers.get(SUBSCRIBER_HEADERS.restricted),
      until: request.headers.get(SUBSCRIBER_HEADERS.until),
    });
    if (!subscriber.success) return new Response(null, { status: 403 });
    const { userId, role, authSessionId, restricted, until } = subscriber.data;
    const { 0: client, 1: server } = new WebSocketPair();
    this.#makeRoom(userId);
    const admin = role === 'owner' || role === 'admin';
    const tags = [...(admin ? [ADMINS_TAG] : []), ...(restricted === 'no' ? [UNRESTRICTED_TAG] : [])];
    this.ctx.acceptWebSocket(server, [userTag(userId), sessionTag(authSessionId), ...tags]);
    server.serializeAttachment({ openedAt: Date.now(), until } satisfies Attachment);
    if (this.ctx.getWebSockets().length > MAX_SOCKETS) server.close(TRY_LATER, 'too many connections');
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Tells an event to those of its audience who are connected. `metadata.updated` goes to all, once a second. */
  async publish(event: ServerEvent, { users }: Audience): Promise<void> {
    if (event.topic === 'metadata.updated') return this.#updates.add(event.libraryIds, Date.now());
    if (users === 'all') this.#send(this.ctx.getWebSockets(namesFolders(event) ? UNRESTRICTED_TAG : undefined), event);
    else if (users === 'admins') this.#send(this.ctx.getWebSockets(ADMINS_TAG), event);
    else for (const userId of users) this.#send(this.ctx.getWebSockets(userTag(userId)), event);
  }

  /** Closes the sockets of sign-ins that ended. */
  async endSessions(authSessionIds: readonly string[]): Promise<void> {
    for (const socket of authSessionIds.flatMap((id) => this.ctx.getWebSockets(sessionTag(id)))) {
      socket.close(POLICY_VIOLATION, 'signed out');
    }
  }

  /** Browsers have nothing to say but `ping`, which never comes here. */
  override webSocketMessage(socket: WebSocket): void {
    socket.close(POLICY_VIOLATION, 'this socket only tells');
  }

  override webSocketClose(socket: WebSocket): void {
    socket.close();
  }

  #makeRoom(userId: number): void {
    const open = this.ctx.getWebSockets(userTag(userId)).filter((socket) => socket.readyState === WebSocket.OPEN);
    const oldestFirst = open.sort((a, b) => attachmentOf(a).openedAt - attachmentOf(b).openedAt);
    for (const socket of oldestFirst.slice(0, Math.max(0, open.length - MAX_SOCKETS_PER_USER + 1))) {
      socket.close(POLICY_VIOLATION, 'too many connections');
    }
  }

  #send(sockets: WebSocket[], event: ServerEvent): void {
    const text = JSON.stringify(event);
    for (const socket of sockets) {
      // One that closes at this moment is still listed, and must not keep it from the others.
      try {
        if (socket.readyState !== WebSocket.OPEN) continue;
        const { until } = attachmentOf(socket);
        if (until !== null && until <= Date.now()) socket.close(POLICY_VIOLATION, 'the key has expired');
        else socket.send(text);
      } catch (error) {
        console.warn('a browser was not told', String(error));
      }
    }
  }
}

/** Of one whose note was never taken: it is the oldest, and no key's. One of a version before says nothing of keys. */
function attachmentOf(socket: WebSocket): Attachment {
  return { openedAt: 0, until: null, ...(socket.deserializeAttachment() as Partial<Attachment> | null) };
}

function namesFolders({ topic }: ServerEvent): boolean {
  return topic === 'library.scan.progress' || topic === 'agent.presence';
}
