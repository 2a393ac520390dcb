import { Hono } from 'hono';
import { AddRoot, BrowseRequest } from '../../../shared/api/fleet.ts';
import { addRoot, removeRoot, showFolders, updateAgent } from '../../catalog/agent-folders.ts';
import { agentInLog } from '../../db/agents.ts';
import type { AppEnv } from '../context.ts';
import { record } from '../identity-surroundings.ts';
import { parseJson } from '../parse.ts';

/** What admins do with a machine from afar: choose its folders below what its owner allowed there, update it. */
export function agentFolderRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.post('/agents/:id/folders', async (c) => {
    const request = await parseJson(c, BrowseRequest);
    return c.json(await showFolders(c.env, c.req.param('id'), request));
  });

  routes.post('/agents/:id/roots', async (c) => {
    const request = await parseJson(c, AddRoot);
    const added = await addRoot(c.env, c.req.param('id'), request);
    await record(
      c,
      { now: Date.now },
      'agent.folder-added',
      `${added.root.name} on ${await agentInLog(c.env, c.req.param('id'))}`,
    );
    return c.json(added, 201);
  });

  routes.delete('/agents/:id/roots/:root', async (c) => {
    const { id, root } = c.req.param();
    await removeRoot(c.env, id, root);
    await record(c, { now: Date.now }, 'agent.folder-removed', `${root} on ${await agentInLog(c.env, id)}`);
    return c.body(null, 204);
  });

  routes.post('/agents/:id/update', async (c) => {
    const answer = await updateAgent(c.env, c.req.param('id'));
    await record(
      c,
      { now: Date.now },
      'agent.updated',
      `${await agentInLog(c.env, c.req.param('id'))} to ${answer.version}`,
    );
    return c.json(answer);
  });

  return routes;
}
