import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { SignedIn } from '../../shared/api/auth.ts';
import { CreatedInvitation, Invitations } from '../../shared/api/users.ts';
import { edgeClient } from './edge-client.ts';
import { addLibrary, outcomeOf, PASSWORD, world } from './people-caller.ts';

async function invite(request = {}) {
  const { edge, person, anyone } = world();
  const owner = await person('owner');
  const answer = await owner.call('POST', '/invitations', { role: 'child', note: 'Niece', ...request });
  const invitation = CreatedInvitation.parse(await answer.json());
  const join = (username: string, changes = {}) =>
    anyone('POST', '/auth/join', { code: invitation.code, username, password: PASSWORD, ...changes });
  const listed = async () => {
    const { items } = Invitations.parse(await (await owner.call('GET', '/invitations')).json());
    return items.find(({ id }) => id === invitation.id);
  };
  return { edge, owner, anyone, invitation, join, listed };
}

describe('an invitation', () => {
  it('makes an account with its role and libraries, and signs it in', async () => {
    const films = await addLibrary('Films', 52);
    const { edge, anyone, invitation, join, listed } = await invite({ libraryIds: [films] });
    const offer = await (await anyone('POST', '/auth/invitation', { code: invitation.code })).json();
    expect(offer).toEqual({ server: 'Hearthcast', role: 'child', expiresAt: invitation.expiresAt });
    const answer = await join('Niece');
    expect(answer.status).toBe(201);
    const { user, accessToken } = SignedIn.parse(await answer.json());
    expect(user).toMatchObject({ name: 'Niece', role: 'child' });
    expect((await edge.get('/api/v1/users/me', { authorization: `Bearer ${accessToken}` })).status).toBe(200);
    const mask = await env.DB.prepare('SELECT lib_mask FROM user_restriction WHERE user_id = ?').bind(user.id).first();
    expect(mask).toEqual({ lib_mask: 2 ** 52 });
    expect(await listed()).toMatchObject({ state: 'used', usedBy: 'Niece', libraryIds: [films] });
  });

  it('is typed in any case, with spaces', async () => {
    const { invitation, join } = await invite();
    const code = invitation.code.toLowerCase().replaceAll('-', ' ');
    expect((await join('Typist', { code })).status).toBe(201);
  });

  it('works once, also for two who race', async () => {
    const { join } = await invite();
    const outcomes = await Promise.all([join('Fast').then(outcomeOf), join('Faster').then(outcomeOf)]);
    expect(outcomes.sort()).toEqual([201, 'code-invalid']);
    expect(await outcomeOf(await join('Late'))).toBe('code-invalid');
  });

  it('is not spent by a name that is taken, nor by a bad password', async () => {
    const { owner, join } = await invite();
    expect(await outcomeOf(await join(owner.name))).toBe('conflict');
    expect(await outcomeOf(await join('Careless', { password: '12345678' }))).toBe('bad-request');
    expect((await join('Careful')).status).toBe(201);
  });

  it('is not spent where the account could not be made', async () => {
    const { invitation, join } = await invite();
    const broken = { fetch: async () => new Response(null, { status: 500 }) } as unknown as Fetcher;
    const failing = edgeClient({ bindings: { PASSWORDS: broken } });
    const request = { code: invitation.code, username: 'Unlucky', password: PASSWORD };
    expect((await failing.post('/api/v1/auth/join', request)).status).toBe(503);
    expect((await join('Unlucky')).status).toBe(201);
  });

  it('ends when it expires or is revoked', async () => {
    const expired = await invite({ expiresInDays: 1 });
    expired.edge.clock.now += 24 * 3600_000 + 1;
    expect(await outcomeOf(await expired.join('Expired'))).toBe('code-invalid');
    const revoked = await invite();
    expect((await revoked.owner.call('DELETE', `/invitations/${revoked.invitation.id}`)).status).toBe(204);
    expect(await outcomeOf(await revoked.join('Revoked'))).toBe('code-invalid');
    expect(await revoked.listed()).toMatchObject({ state: 'revoked' });
    expect(await outcomeOf(await revoked.owner.call('DELETE', `/invitations/${revoked.invitation.id}`))).toBe(
      'not-found',
    );
  });

  it('is in the database by its hash only', async () => {
    const { invitation } = await invite();
    const stored = JSON.stringify((await env.DB.prepare('SELECT * FROM invitation').all()).results);
    expect(stored).not.toContain(invitation.code);
    expect(stored).not.toContain(invitation.code.replaceAll('-', ''));
  });

  it('never makes an admin in the name of an admin, nor an owner at all', async () => {
    const { person } = world();
    const [owner, admin] = [await person('owner'), await person('admin')];
    expect(await outcomeOf(await admin.call('POST', '/invitations', { role: 'admin' }))).toBe('forbidden');
    expect(await outcomeOf(await owner.call('POST', '/invitations', { role: 'owner' }))).toBe('bad-request');
    expect(await outcomeOf(await owner.call('POST', '/invitations', { role: 'member', libraryIds: ['404'] }))).toBe(
      'bad-request',
    );
  });
});
