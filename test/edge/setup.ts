import { env } from 'cloudflare:workers';

// All at once: file by file, each with its line in a table of its own, takes a second where other things are done beside.
await env.DB.batch(env.TEST_MIGRATIONS.flatMap(({ queries }) => queries.map((query) => env.DB.prepare(query))));
