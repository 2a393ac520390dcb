import { Hono } from 'hono';
import { AuditExportQuery, AuditQuery } from '../../../shared/api/audit.ts';
import { exportAudit, showAudit } from '../../identity/audit.ts';
import type { AppEnv } from '../context.ts';
import { parseQuery } from '../parse.ts';

const TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson' } as const;

/** Who did what, for owners and admins: a page at a time, or as a file. */
export function auditRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/audit', async (c) => c.json(await showAudit(c.env, parseQuery(c, AuditQuery))));

  routes.get('/audit/export', (c) => {
    const query = parseQuery(c, AuditExportQuery);
    return c.body(exportAudit(c.env, query), 200, {
      'content-type': TYPES[query.format],
      'content-disposition': `attachment; filename="hearthcast-audit.${query.format}"`,
    });
  });

  return routes;
}
