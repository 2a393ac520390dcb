import { Hono } from 'hono';
import { z } from 'zod';
import { HearthcastError } from '../../../shared/errors.ts';
import { ImageId } from '../../../shared/protocol/names.ts';
import { admitsImage } from '../../catalog/image-words.ts';
import { IMAGE_WIDTHS, loadImage } from '../../catalog/images.ts';
import { scopeOf } from '../../catalog/scope.ts';
import type { AppEnv } from '../context.ts';
import { parseQuery } from '../parse.ts';

const ImageQuery = z.object({
  w: z.enum(IMAGE_WIDTHS).default('400'),
  /** What the addresses of people who do not see everything carry. */
  k: z.string().max(40).optional(),
});

/** Named by its content, so it never changes; private, since only those who are signed in may have it. */
const FOREVER = 'private, max-age=31536000, immutable';

/** Pictures. Types are an allow-list; `nosniff` and the sandboxing policy come with every answer of the API. */
export function imageRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/images/:id', async (c) => {
    const { w, k } = parseQuery(c, ImageQuery);
    const id = ImageId.safeParse(c.req.param('id'));
    if (!id.success) throw new HearthcastError('not-found');
    const scope = await scopeOf(c.env, c.var.principal);
    if (!(await admitsImage(c.env, scope, id.data, k, Date.now()))) throw new HearthcastError('not-found');
    const headers = { 'cache-control': FOREVER, etag: `"${id.data}-${w}"` };
    if (c.req.header('if-none-match') === headers.etag) return c.body(null, 304, headers);
    const picture = await loadImage(c.env, id.data, Number(w), (work) => c.executionCtx.waitUntil(work));
    return c.body(picture.body, 200, { ...headers, 'content-type': picture.contentType });
  });

  return routes;
}
