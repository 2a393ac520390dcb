import { Hono } from 'hono';
import { BackupId } from '../../../shared/api/backups.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { restoreBackup } from '../../deployment/backup-restore.ts';
import { backupFile, deleteBackup, listBackups, makeBackup, openBackup } from '../../deployment/backups.ts';
import { readSettings } from '../../deployment/settings.ts';
import { setupCodeMatches } from '../../identity/setup-code.ts';
import type { AppEnv } from '../context.ts';
import { type IdentityOptions, record } from '../identity-surroundings.ts';
import { flowing } from '../parse.ts';
import { limitAttempts } from '../rate-limit.ts';

/**
 * Backups, for owners: the list, making one, taking one away (also one made on the spot), deleting one. And bringing
 * one back into a deployment without people, with the set-up code in `x-setup-code`.
 */
export function backupRoutes(options: IdentityOptions): Hono<AppEnv> {
  const { standing, now } = options;
  const routes = new Hono<AppEnv>();

  routes.get('/backups', async (c) => c.json({ items: await listBackups(c.env, now()) }));

  routes.post('/backups', async (c) => {
    const backup = await makeBackup(c.env, 'person', now());
    await record(c, options, 'backup.made', `${backup.records} records`);
    return c.json(backup, 201);
  });

  routes.get('/backups/now', async (c) => {
    const { serverName } = await readSettings(c.env);
    await record(c, options, 'backup.taken', 'made on the spot');
    return c.body(backupFile(c.env, serverName, now()), 200, fileHeaders(now()));
  });

  routes.get('/backups/:id/file', async (c) => {
    const { at, file } = await openBackup(c.env, idOf(c.req.param('id')));
    await record(c, options, 'backup.taken', new Date(at).toISOString());
    return c.body(file.body, 200, { ...fileHeaders(at), 'content-length': String(file.size) });
  });

  routes.delete('/backups/:id', async (c) => {
    const { at } = await deleteBackup(c.env, idOf(c.req.param('id')), now());
    await record(c, options, 'backup.deleted', new Date(at).toISOString());
    return c.body(null, 204);
  });

  routes.post('/restore', async (c) => {
    await limitAttempts(c, 'setup', '');
    if (!(await setupCodeMatches(c.req.header('x-setup-code') ?? '', c.env.SETUP_CODE))) {
      throw new HearthcastError('code-invalid', 'That is not the set-up code of this server.');
    }
    // Without its length the body would be held in memory to be counted.
    if (!c.req.raw.body || c.req.header('content-length') === undefined) {
      throw new HearthcastError('bad-request', 'Send the backup’s file as the body, with its length.');
    }
    const records = await restoreBackup(c.env, flowing(c.req.raw.body));
    standing.noteChange();
    await record(c, options, 'backup.restored', `${records.user ?? 0} people, ${records.user_item ?? 0} watch states`);
    return c.json({ records });
  });

  return routes;
}

function idOf(text: string): string {
  const id = BackupId.safeParse(text);
  if (!id.success) throw new HearthcastError('not-found');
  return id.data;
}

const fileHeaders = (at: number) => ({
  'content-type': 'application/gzip',
  'content-disposition': `attachment; filename="hearthcast-${new Date(at).toISOString().slice(0, 10)}.ndjson.gz"`,
  'cache-control': 'no-store',
});
