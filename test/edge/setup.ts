import { listDurableObjectIds, reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';

// A file begins like a new isolate over an empty deployment, though it shares a workerd with others: to start one for each,
// and to carry all modules into it, takes longer than all tests together.

/** One that a test has broken does not answer, but it is in memory. */
async function wake<T extends Rpc.DurableObjectBranded>(namespace: DurableObjectNamespace<T>): Promise<void> {
  const ids = await listDurableObjectIds(namespace);
  await Promise.allSettled(ids.map((id) => runInDurableObject(namespace.get(id), () => undefined)));
}

// Only what is in memory is deleted, and what nobody has used for ten seconds is no longer: it is woken first. Links and
// playback sessions are left asleep: no two files have one of the same name.
const stores = [env.DB.prepare('SELECT 1').run(), env.IMAGES.list(), env.BACKUPS.list()];
await Promise.all([...stores, wake(env.FLEET), wake(env.EVENT_HUB)]);
await reset();
vi.resetModules();

// All at once: file by file, each with its line in a table of its own, takes a second where other things are done beside.
await env.DB.batch(env.TEST_MIGRATIONS.flatMap(({ queries }) => queries.map((query) => env.DB.prepare(query))));
