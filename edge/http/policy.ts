import type { Role } from '../../shared/api/auth.ts';
import { MAX_PART_BYTES } from '../../shared/protocol/frames.ts';

/**
 * Who may call a route. `ticket`: the URL carries a sealed word which the route itself verifies. `agent`: the
 * route verifies the token of an enrolled machine; without any token it is not reached.
 */
type Access = 'public' | 'ticket' | 'agent' | { readonly roles: readonly Role[] };

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Rule {
  readonly method: Method;
  /** Segments as in Hono: `:name` is one segment, a last `*` is any rest. */
  readonly path: string;
  readonly access: Access;
  /** Largest request body in bytes, where it is not the default. */
  readonly maxBody?: number;
}

/** Largest body of a request that does not say otherwise: a device profile is the largest, with a few KB. */
export const DEFAULT_MAX_BODY = 64 * 1024;

/** 500 claims with chapters and many streams stay well below. */
const MAX_SYNC_BODY = 16 * 1024 * 1024;

const EVERYONE: Access = { roles: ['owner', 'admin', 'member', 'child'] };
const ADMINS: Access = { roles: ['owner', 'admin'] };

/** Paths below these belong to the server; all others are the web app's. */
const SERVER_PREFIXES = ['/api/', '/agent/', '/stream/', '/health/', '/.well-known/'];

/** Every route of the edge, and who may call it. What is not in here is refused before any route sees it. */
export const POLICY: readonly Rule[] = [
  { method: 'GET', path: '/health/live', access: 'public' },
  { method: 'GET', path: '/health/ready', access: 'public' },
  { method: 'GET', path: '/.well-known/jwks.json', access: 'public' },

  { method: 'GET', path: '/api/v1/openapi.json', access: 'public' },
  { method: 'GET', path: '/api/v1/server', access: 'public' },
  { method: 'POST', path: '/api/v1/auth/setup', access: 'public' },
  { method: 'POST', path: '/api/v1/auth/login', access: 'public' },
  { method: 'POST', path: '/api/v1/auth/refresh', access: 'public' },
  { method: 'POST', path: '/api/v1/auth/logout', access: 'public' },
  { method: 'GET', path: '/api/v1/users/me', access: EVERYONE },

  { method: 'GET', path: '/api/v1/libraries', access: EVERYONE },
  { method: 'GET', path: '/api/v1/libraries/:id/items', access: EVERYONE },
  { method: 'GET', path: '/api/v1/libraries/:id/problems', access: ADMINS },
  { method: 'POST', path: '/api/v1/libraries/:id/scan', access: ADMINS },
  { method: 'GET', path: '/api/v1/items/:id', access: EVERYONE },
  { method: 'GET', path: '/api/v1/items/:id/children', access: EVERYONE },
  { method: 'PUT', path: '/api/v1/items/:id/played', access: EVERYONE },
  { method: 'PUT', path: '/api/v1/items/:id/favorite', access: EVERYONE },
  { method: 'GET', path: '/api/v1/home', access: EVERYONE },
  { method: 'GET', path: '/api/v1/search', access: EVERYONE },
  { method: 'GET', path: '/api/v1/images/:id', access: EVERYONE },

  { method: 'GET', path: '/api/v1/sites', access: ADMINS },
  { method: 'POST', path: '/api/v1/sites', access: ADMINS },
  { method: 'GET', path: '/api/v1/agents', access: ADMINS },
  { method: 'POST', path: '/api/v1/agents/enrolments', access: ADMINS },
  { method: 'DELETE', path: '/api/v1/agents/:id', access: ADMINS },

  { method: 'GET', path: '/api/v1/events', access: EVERYONE },

  { method: 'POST', path: '/api/v1/items/:id/play', access: EVERYONE },
  { method: 'POST', path: '/api/v1/sessions/:id/progress', access: EVERYONE },
  { method: 'POST', path: '/api/v1/sessions/:id/stop', access: EVERYONE },
  { method: 'GET', path: '/api/v1/sessions', access: ADMINS },
  { method: 'GET', path: '/stream/:ticket/*', access: 'ticket' },

  { method: 'POST', path: '/agent/v1/nonce', access: 'public' },
  { method: 'POST', path: '/agent/v1/enrol', access: 'public' },
  { method: 'GET', path: '/agent/v1/connect', access: 'agent' },
  { method: 'POST', path: '/agent/v1/sync', access: 'agent', maxBody: MAX_SYNC_BODY },
  { method: 'PUT', path: '/agent/v1/streams/:id', access: 'ticket', maxBody: MAX_PART_BYTES },

  { method: 'GET', path: '/*', access: 'public' },
];

/** True for the paths that the server answers itself; the others are files of the web app. */
export function isServerPath(path: string): boolean {
  return SERVER_PREFIXES.some((prefix) => path.startsWith(prefix));
}

/** The rule of a request, or null where there is none. HEAD goes by the rule of GET. */
export function ruleFor(method: string, path: string): Rule | null {
  const wanted = method === 'HEAD' ? 'GET' : method;
  return POLICY.find((rule) => rule.method === wanted && covers(rule, path)) ?? null;
}

/** The methods that a path knows, for the refusal of any other. */
export function methodsOf(path: string): Method[] {
  return POLICY.filter((rule) => covers(rule, path)).map((rule) => rule.method);
}

function covers(rule: Rule, path: string): boolean {
  if (rule.path === '/*') return !isServerPath(path);
  const pattern = rule.path.split('/');
  const parts = path.split('/');
  const open = pattern.at(-1) === '*';
  if (open ? parts.length < pattern.length : parts.length !== pattern.length) return false;
  return pattern.every((segment, i) => {
    if (open && i === pattern.length - 1) return true;
    return segment.startsWith(':') ? parts[i] !== '' : segment === parts[i];
  });
}
