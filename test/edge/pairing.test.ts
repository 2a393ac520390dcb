import { describe, expect, it } from 'vitest';
import { SignedIn } from '../../shared/api/auth.ts';
import { Pairing } from '../../shared/api/pairing.ts';
import { outcomeOf, world } from './people-caller.ts';

async function television() {
  const { edge, person, anyone } = world();
  const pairing = Pairing.parse(await (await anyone('POST', '/auth/device', { device: 'Living room' })).json());
  const poll = () => anyone('POST', '/auth/device/token', { deviceCode: pairing.deviceCode });
  /** What the device does: waits as long as it is told, and asks. */
  const waitAndPoll = () => {
    edge.clock.now += pairing.interval * 1000;
    return poll();
  };
  return { edge, person, anyone, pairing, poll, waitAndPoll };
}

describe('a television', () => {
  it('shows a code, is let in by who types it, and is signed in as them', async () => {
    const { edge, person, pairing, waitAndPoll } = await television();
    expect(pairing.userCode).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
    const first = await waitAndPoll();
    expect([first.status, await first.json()]).toEqual([202, { status: 'pending', interval: 5 }]);
    const member = await person('member');
    const typed = { userCode: pairing.userCode.toLowerCase().replace('-', ' ') };
    expect(await (await member.call('POST', '/auth/device/show', typed)).json()).toMatchObject({
      device: 'Living room',
    });
    expect((await member.call('POST', '/auth/device/approve', typed)).status).toBe(204);
    const { user, accessToken } = SignedIn.parse(await (await waitAndPoll()).json());
    expect(user.id).toBe(member.id);
    expect((await edge.get('/api/v1/users/me', { authorization: `Bearer ${accessToken}` })).status).toBe(200);
    expect(await outcomeOf(await waitAndPoll())).toBe('code-invalid');
  });

  it('that asks too fast is told to wait twice as long', async () => {
    const { poll, waitAndPoll, edge } = await television();
    expect((await waitAndPoll()).status).toBe(202);
    const hasty = await poll();
    expect([hasty.status, hasty.headers.get('retry-after')]).toEqual([429, '10']);
    edge.clock.now += 9_999;
    expect((await poll()).headers.get('retry-after')).toBe('20');
    edge.clock.now += 20_000;
    expect((await poll()).status).toBe(202);
  });

  it('that was let in and has not come yet is signed out with all else', async () => {
    const { person, pairing, waitAndPoll } = await television();
    const member = await person('member');
    expect((await member.call('POST', '/auth/device/approve', { userCode: pairing.userCode })).status).toBe(204);
    expect((await member.call('DELETE', '/users/me/sessions')).status).toBe(204);
    expect(await outcomeOf(await waitAndPoll())).toBe('code-invalid');
  });

  it('waits for ten minutes', async () => {
    const { edge, person, pairing, poll } = await television();
    edge.clock.now += 600_000;
    expect(await outcomeOf(await poll())).toBe('code-invalid');
    const member = await person('member');
    const typed = { userCode: pairing.userCode };
    expect(await outcomeOf(await member.call('POST', '/auth/device/approve', typed))).toBe('code-invalid');
  });

  it('is not let in by a code of another, nor twice by one', async () => {
    const { person, pairing, anyone } = await television();
    const member = await person('member');
    expect(await outcomeOf(await anyone('POST', '/auth/device/approve', { userCode: pairing.userCode }))).toBe(
      'unauthenticated',
    );
    const approve = (userCode: string) => member.call('POST', '/auth/device/approve', { userCode });
    expect(await outcomeOf(await approve('ABCD-EFGH'))).toBe('code-invalid');
    expect((await approve(pairing.userCode)).status).toBe(204);
    expect(await outcomeOf(await approve(pairing.userCode))).toBe('code-invalid');
  });
});
