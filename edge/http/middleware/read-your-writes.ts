import type { MiddlewareHandler } from 'hono';
import { BOOKMARK_HEADER, Bookmark } from '../../../shared/api/bookmark.ts';
import type { AppEnv } from '../context.ts';

/**
 * Lets the database's copies answer the pages of people, none of which is older than what its client saw last: a
 * request brings the bookmark of the answer before, and takes home a new one. Who may come in, signing in, and
 * whatever agents say stay with the first copy.
 */
export function readYourWrites(): MiddlewareHandler<AppEnv> {
  return async function readYourWrites(c, next) {
    // Set for people alone: agents and tickets have none.
    const person: unknown = c.get('principal');
    if (person === undefined || typeof c.env.DB.withSession !== 'function') return next();
    const shown = Bookmark.safeParse(c.req.header(BOOKMARK_HEADER));
    const first = c.req.method === 'GET' || c.req.method === 'HEAD' ? 'first-unconstrained' : 'first-primary';
    const session = c.env.DB.withSession(shown.success ? shown.data : first);
    c.env = { ...c.env, DB: session as unknown as D1Database };
    await next();
    const bookmark = session.getBookmark();
    if (bookmark === null || c.res.status === 101) return;
    // What an object wrote for this request is newer, where the route tells of it.
    if (bookmark > (c.res.headers.get(BOOKMARK_HEADER) ?? '')) c.res.headers.set(BOOKMARK_HEADER, bookmark);
  };
}
