import { describe, expect, it } from 'vitest';
import { roomsOf } from './site-room.ts';

const HOME = 1;
const machines = [
  { agentId: 'nas', siteId: HOME },
  { agentId: 'desk', siteId: HOME },
  { agentId: 'cabin', siteId: 2 },
];
const room = (limit: number | null, uplinks: Record<string, number>, sent = 0) => {
  const agents = Object.entries(uplinks).map(([agentId, uplink]) => ({ agentId, uplink }));
  return roomsOf(new Map([[HOME, limit]]), machines, agents, new Map([[HOME, sent]])).get(HOME);
};

describe('the room on a site’s line', () => {
  it('is the smaller of the owner’s limit and of what was measured, less what is sent', () => {
    expect(room(8_000, { nas: 20_000 }, 3_000)).toEqual({ left: 5_000, firm: true });
    expect(room(50_000, { nas: 20_000 }, 3_000)).toEqual({ left: 17_000, firm: true });
    expect(room(null, { nas: 20_000 }, 3_000)).toEqual({ left: 17_000, firm: true });
    expect(room(8_000, {})).toEqual({ left: 8_000, firm: true });
  });

  it('counts the line once for all machines of the site, by the best figure that one of them has', () => {
    expect(room(null, { nas: 4_000, desk: 9_000, cabin: 99_000 })).toMatchObject({ left: 9_000 });
  });

  it('turns nobody away by a measurement alone while nothing is sent', () => {
    expect(room(null, { nas: 100 })).toEqual({ left: 100, firm: false });
    expect(room(null, { nas: 100 }, 1)).toEqual({ left: 99, firm: true });
    expect(room(8_000, { nas: 100 })).toEqual({ left: 100, firm: false });
  });

  it('is not known where neither is', () => {
    expect(room(null, { cabin: 5 })).toBeUndefined();
  });
});
