import type { Context } from 'hono';
import { keepNarrowSets } from '../catalog/narrow-sets.ts';
import { forgetHidden } from '../catalog/scope.ts';
import type { AppEnv } from './context.ts';

/**
 * What somebody may see was changed: the list of it is made at once, behind the answer. The clock would come too, but
 * until then a page for somebody who sees little is dear.
 */
export function listAtOnce(c: Context<AppEnv>, now: number): void {
  forgetHidden();
  c.executionCtx.waitUntil(keepNarrowSets(c.env, now).finally(() => forgetHidden()));
}
