import { Hono } from 'hono';
import { CreateInvitation } from '../../../shared/api/users.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { idOf } from '../../catalog/cursors.ts';
import { revokeInvitation } from '../../db/invitations.ts';
import { createInvitation, showInvitations } from '../../identity/invitations.ts';
import type { AppEnv } from '../context.ts';
import { type IdentityOptions, record } from '../identity-surroundings.ts';
import { parseJson } from '../parse.ts';

/** Invitations, for owners and admins. */
export function invitationRoutes(options: IdentityOptions): Hono<AppEnv> {
  const { now } = options;
  const routes = new Hono<AppEnv>();

  routes.get('/invitations', async (c) => c.json({ items: await showInvitations(c.env, now()) }));

  routes.post('/invitations', async (c) => {
    const request = await parseJson(c, CreateInvitation);
    const invitation = await createInvitation(c.env, c.var.principal, request, now());
    await record(c, options, 'invitation.made', `${invitation.role}${invitation.note && ` for ${invitation.note}`}`);
    return c.json(invitation, 201);
  });

  routes.delete('/invitations/:id', async (c) => {
    const role = await revokeInvitation(c.env, idOf(c.req.param('id')), now());
    if (role === null) throw new HearthcastError('not-found', 'There is no such open invitation.');
    await record(c, options, 'invitation.revoked', role);
    return c.body(null, 204);
  });

  return routes;
}
