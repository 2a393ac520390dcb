import type { Scope } from '../../shared/api/api-keys.ts';
import type { Role } from '../../shared/api/auth.ts';
import { MAX_PART_BYTES } from '../../shared/protocol/frames.ts';
import { MAX_UPLINK_BYTES } from '../../shared/protocol/uplink.ts';

/**
 * Who may call a route. `ticket`: the URL carries a sealed word which the route itself verifies. `agent`: the
 * route verifies the token of an enrolled machine; without any token it is not reached. `scope`: what an API key
 * must be allowed; null is for people who are signed in, since no key may make keys or change a password.
 */
type Access =
  | 'public'
  | 'ticket'
  | 'agent'
  | {
      readonly roles: readonly Role[];
      readonly scope: Scope | null;
      /** Only in the account's own profile: those who share an account do not look after it. */
      readonly ownProfile?: true;
    };

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

/** What Cloudflare lets through on its Free and Pro plans; gzipped, millions of watch states are smaller. */
const MAX_BACKUP_BODY = 100_000_000;

const ALL_ROLES: readonly Role[] = ['owner', 'admin', 'member', 'child'];

const EVERYONE: Access = { roles: ALL_ROLES, scope: 'read' };
const PLAYERS: Access = { roles: ALL_ROLES, scope: 'play' };
/** A child watches what others chose, and takes nothing along. */
const KEEPERS: Access = { roles: ['owner', 'admin', 'member'], scope: 'play' };
const ADMINS: Access = { roles: ['owner', 'admin'], scope: 'admin' };
/** For each who shares an account. */
const SHARERS: Access = { roles: ALL_ROLES, scope: null };
/** For people about their account. A child's account is looked after by others. */
const SELF: Access = { roles: ALL_ROLES, scope: null, ownProfile: true };
const GROWN_UPS: Access = { roles: ['owner', 'admin', 'member'], scope: null, ownProfile: true };
/** A backup holds every password's hash: no admin's key takes it. */
const BACKUPS: Access = { roles: ['owner'], scope: 'backup', ownProfile: true };
const OWNERS: Access = { roles: ['owner'], scope: null };
/** For owners and admins themselves: no key of theirs does it. */
const ADMINS_SIGNED_IN: Access = { roles: ['owner', 'admin'], scope: null };

/** Paths below these belong to the server; all others are the web app's. */
const SERVER_PREFIXES = [
  ...['/api/', '/agent/', '/stream/', '/health/', '/metrics', '/.well-known/'],
  ...['/install/', '/install.'],
];

/** Every route of the edge, and who may call it. What is not in here is refused before any route sees it. */
export const POLICY: readonly Rule[] = [
  { method: 'GET', path: '/install.sh', access: 'public' },
  { method: 'GET', path: '/install.ps1', access: 'public' },
  { method: 'GET', path: '/install/:file', access: 'public' },
  { method: 'GET', path: '/health/live', access: 'public' },
  { method: 'GET', path: '/health/ready', access: 'public' },
  { method: 'GET', path: '/metrics', access: ADMINS },
  { method: 'GET', path: '/.well-known/jwks.json', access: 'public' },

  { method: 'GET', path: '/api/v1/openapi.json', access: 'public' },
  { method: 'GET', path: '/api/v1/server', access: 'public' },
  { method: 'POST', path: '/api/v1/auth/setup', access: 'public' },
  { method: 'POST', path: '/api/v1/auth/login', access: 'public' },
  { method: 'POST', path: '/api/v1/auth/refresh', access: 'public' },
  { method: 'POST', path: '/api/v1/auth/logout', access: 'public' },
  { method: 'POST', path: '/api/v1/auth/reset', access: 'public' },
  { method: 'POST', path: '/api/v1/auth/invitation', access: 'public' },
  { method: 'POST', path: '/api/v1/auth/join', access: 'public' },
  { method: 'POST', path: '/api/v1/auth/device', access: 'public' },
  { method: 'POST', path: '/api/v1/auth/device/token', access: 'public' },
  { method: 'POST', path: '/api/v1/auth/device/show', access: SELF },
  { method: 'POST', path: '/api/v1/auth/device/approve', access: SELF },

  { method: 'GET', path: '/api/v1/users/me', access: EVERYONE },
  { method: 'PUT', path: '/api/v1/users/me/password', access: SELF },
  { method: 'GET', path: '/api/v1/users/me/sessions', access: SELF },
  { method: 'DELETE', path: '/api/v1/users/me/sessions', access: SELF },
  { method: 'DELETE', path: '/api/v1/users/me/sessions/:id', access: SELF },
  { method: 'GET', path: '/api/v1/profiles', access: SHARERS },
  { method: 'POST', path: '/api/v1/profiles', access: GROWN_UPS },
  { method: 'PUT', path: '/api/v1/profiles/:id', access: GROWN_UPS },
  { method: 'DELETE', path: '/api/v1/profiles/:id', access: GROWN_UPS },
  { method: 'PUT', path: '/api/v1/profiles/:id/pin', access: GROWN_UPS },
  { method: 'POST', path: '/api/v1/profiles/:id/open', access: SHARERS },
  { method: 'GET', path: '/api/v1/users', access: ADMINS },
  { method: 'POST', path: '/api/v1/users', access: ADMINS },
  { method: 'PUT', path: '/api/v1/users/:id', access: ADMINS },
  { method: 'DELETE', path: '/api/v1/users/:id', access: ADMINS },
  { method: 'POST', path: '/api/v1/users/:id/reset', access: ADMINS },
  { method: 'POST', path: '/api/v1/users/:id/see-as', access: ADMINS_SIGNED_IN },
  { method: 'GET', path: '/api/v1/users/:id/sessions', access: ADMINS },
  { method: 'DELETE', path: '/api/v1/users/:id/sessions', access: ADMINS },
  { method: 'GET', path: '/api/v1/invitations', access: ADMINS },
  { method: 'POST', path: '/api/v1/invitations', access: ADMINS },
  { method: 'DELETE', path: '/api/v1/invitations/:id', access: ADMINS },
  { method: 'GET', path: '/api/v1/api-keys', access: GROWN_UPS },
  { method: 'POST', path: '/api/v1/api-keys', access: GROWN_UPS },
  { method: 'DELETE', path: '/api/v1/api-keys/:id', access: GROWN_UPS },
  { method: 'GET', path: '/api/v1/audit', access: ADMINS },
  { method: 'GET', path: '/api/v1/audit/export', access: ADMINS },
  { method: 'GET', path: '/api/v1/backups', access: BACKUPS },
  { method: 'POST', path: '/api/v1/backups', access: BACKUPS },
  { method: 'GET', path: '/api/v1/backups/now', access: BACKUPS },
  { method: 'GET', path: '/api/v1/backups/:id/file', access: BACKUPS },
  { method: 'DELETE', path: '/api/v1/backups/:id', access: BACKUPS },
  { method: 'POST', path: '/api/v1/restore', access: 'public', maxBody: MAX_BACKUP_BODY },
  { method: 'GET', path: '/api/v1/settings', access: ADMINS },
  { method: 'PUT', path: '/api/v1/settings', access: ADMINS },
  { method: 'POST', path: '/api/v1/signing-keys', access: OWNERS },

  { method: 'GET', path: '/api/v1/libraries', access: EVERYONE },
  { method: 'POST', path: '/api/v1/libraries', access: ADMINS },
  { method: 'PUT', path: '/api/v1/libraries/:id', access: ADMINS },
  { method: 'DELETE', path: '/api/v1/libraries/:id', access: ADMINS },
  { method: 'GET', path: '/api/v1/libraries/:id/items', access: EVERYONE },
  { method: 'GET', path: '/api/v1/libraries/:id/problems', access: ADMINS },
  { method: 'POST', path: '/api/v1/libraries/:id/scan', access: ADMINS },
  { method: 'POST', path: '/api/v1/libraries/:id/scan/stop', access: ADMINS },
  { method: 'PUT', path: '/api/v1/libraries/:id/settings', access: ADMINS },
  { method: 'GET', path: '/api/v1/scan-runs', access: ADMINS },
  { method: 'GET', path: '/api/v1/scan-hooks', access: ADMINS },
  { method: 'POST', path: '/api/v1/scan-hooks', access: ADMINS },
  { method: 'DELETE', path: '/api/v1/scan-hooks/:id', access: ADMINS },
  { method: 'POST', path: '/api/v1/hooks/scan/:token', access: 'public' },
  { method: 'GET', path: '/api/v1/items', access: EVERYONE },
  { method: 'GET', path: '/api/v1/items/:id', access: EVERYONE },
  { method: 'GET', path: '/api/v1/items/:id/children', access: EVERYONE },
  { method: 'GET', path: '/api/v1/items/:id/similar', access: EVERYONE },
  { method: 'GET', path: '/api/v1/items/:id/chapters/:chapter', access: EVERYONE },
  { method: 'PUT', path: '/api/v1/items/:id/played', access: PLAYERS },
  { method: 'PUT', path: '/api/v1/items/:id/rating', access: PLAYERS },
  { method: 'GET', path: '/api/v1/items/:id/metadata', access: ADMINS },
  { method: 'PUT', path: '/api/v1/items/:id/metadata', access: ADMINS },
  { method: 'POST', path: '/api/v1/items/:id/merge', access: ADMINS },
  { method: 'POST', path: '/api/v1/items/:id/split', access: ADMINS },
  { method: 'PUT', path: '/api/v1/items/:id/favorite', access: PLAYERS },
  { method: 'GET', path: '/api/v1/genres', access: EVERYONE },
  { method: 'GET', path: '/api/v1/tags', access: EVERYONE },
  { method: 'GET', path: '/api/v1/studios', access: EVERYONE },
  { method: 'GET', path: '/api/v1/collections', access: EVERYONE },
  { method: 'GET', path: '/api/v1/people', access: EVERYONE },
  { method: 'GET', path: '/api/v1/people/:id', access: EVERYONE },
  { method: 'GET', path: '/api/v1/facets/:id', access: EVERYONE },
  { method: 'GET', path: '/api/v1/traits', access: EVERYONE },
  { method: 'GET', path: '/api/v1/users/me/history', access: EVERYONE },
  { method: 'GET', path: '/api/v1/users/me/favorites', access: EVERYONE },
  { method: 'GET', path: '/api/v1/playlists', access: EVERYONE },
  { method: 'POST', path: '/api/v1/playlists', access: PLAYERS },
  { method: 'GET', path: '/api/v1/playlists/:id/items', access: EVERYONE },
  { method: 'PUT', path: '/api/v1/playlists/:id', access: PLAYERS },
  { method: 'DELETE', path: '/api/v1/playlists/:id', access: PLAYERS },
  { method: 'GET', path: '/api/v1/stats/summary', access: EVERYONE },
  { method: 'GET', path: '/api/v1/stats/top-items', access: EVERYONE },
  { method: 'GET', path: '/api/v1/stats/top-tags', access: EVERYONE },
  { method: 'GET', path: '/api/v1/stats/top-genres', access: EVERYONE },
  { method: 'GET', path: '/api/v1/stats/top-people', access: EVERYONE },
  { method: 'GET', path: '/api/v1/stats/top-studios', access: EVERYONE },
  { method: 'GET', path: '/api/v1/stats/activity', access: EVERYONE },
  { method: 'GET', path: '/api/v1/users/:id/hidden', access: ADMINS },
  { method: 'PUT', path: '/api/v1/users/:id/hidden', access: ADMINS },
  { method: 'GET', path: '/api/v1/home', access: EVERYONE },
  { method: 'GET', path: '/api/v1/search', access: EVERYONE },
  { method: 'GET', path: '/api/v1/images/:id', access: EVERYONE },

  { method: 'GET', path: '/api/v1/users/me/playing', access: PLAYERS },
  { method: 'GET', path: '/api/v1/users/:id/limits', access: ADMINS },
  { method: 'PUT', path: '/api/v1/users/:id/limits', access: ADMINS },
  { method: 'DELETE', path: '/api/v1/users/:id/limits', access: ADMINS },

  { method: 'GET', path: '/api/v1/sites', access: ADMINS },
  { method: 'POST', path: '/api/v1/sites', access: ADMINS },
  { method: 'PUT', path: '/api/v1/sites/:id', access: ADMINS },
  { method: 'GET', path: '/api/v1/agents', access: ADMINS },
  { method: 'POST', path: '/api/v1/agents/enrolments', access: ADMINS },
  { method: 'POST', path: '/api/v1/agents/:id/drain', access: ADMINS },
  { method: 'PUT', path: '/api/v1/agents/:id/direct', access: ADMINS },
  { method: 'DELETE', path: '/api/v1/agents/:id', access: ADMINS },
  { method: 'POST', path: '/api/v1/agents/:id/folders', access: ADMINS },
  { method: 'POST', path: '/api/v1/agents/:id/roots', access: ADMINS },
  { method: 'DELETE', path: '/api/v1/agents/:id/roots/:root', access: ADMINS },
  { method: 'POST', path: '/api/v1/agents/:id/update', access: ADMINS },

  { method: 'GET', path: '/api/v1/events', access: EVERYONE },

  { method: 'POST', path: '/api/v1/items/:id/play', access: PLAYERS },
  { method: 'POST', path: '/api/v1/items/:id/download', access: KEEPERS },
  { method: 'POST', path: '/api/v1/sessions/:id/progress', access: PLAYERS },
  { method: 'POST', path: '/api/v1/sessions/:id/stop', access: PLAYERS },
  { method: 'POST', path: '/api/v1/sessions/:id/direct', access: PLAYERS },
  { method: 'GET', path: '/api/v1/sessions', access: ADMINS },
  { method: 'POST', path: '/api/v1/sessions/:id/end', access: ADMINS },
  { method: 'GET', path: '/stream/:ticket/*', access: 'ticket' },

  { method: 'POST', path: '/agent/v1/nonce', access: 'public' },
  { method: 'POST', path: '/agent/v1/enrol', access: 'public' },
  { method: 'POST', path: '/agent/v1/leave', access: 'agent' },
  { method: 'GET', path: '/agent/v1/connect', access: 'agent' },
  { method: 'POST', path: '/agent/v1/uplink', access: 'agent', maxBody: MAX_UPLINK_BYTES },
  { method: 'POST', path: '/agent/v1/sync', access: 'agent', maxBody: MAX_SYNC_BODY },
  { method: 'POST', path: '/agent/v1/digest', access: 'agent' },
  { method: 'POST', path: '/agent/v1/digest/range', access: 'agent' },
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
