import { describe, expect, it } from 'vitest';
import { CHROMIUM, DEMO, mediaInfo } from '../../test/fakes/media-samples.ts';
import { agentId } from '../../test/fakes/session-surroundings.ts';
import type { MachineRow } from '../db/agents.ts';
import type { AgentState } from './agent-state.ts';
import { candidatesFor, type PlayableCopy } from './candidates.ts';

const copy = (name: string, change: Partial<PlayableCopy> = {}): PlayableCopy => ({
  ...{ id: name.charCodeAt(0), agentId: agentId(name), agentName: `agent ${name}`, siteId: 1 },
  ...{ root: 'films', pathHash: '0'.repeat(32), fingerprint: 'f'.repeat(32), media: DEMO.hevc10 },
  ...{ path: 'A film.mkv', size: 1_000, mtimeMs: 2_000 },
  ...change,
});
const agent = (name: string, change: Partial<AgentState> = {}): AgentState => ({
  ...{ agentId: agentId(name), online: true, slotsUsed: 0, slotsTotal: 2, videoEncoders: ['libx264'], changedAt: 0 },
  ...change,
});
const machine = (name: string, change: Partial<MachineRow> = {}): MachineRow => ({
  ...{ agentId: agentId(name), agentName: `agent ${name}`, siteId: 1, publicKey: `key of ${name}`, borrows: true },
  ...{ lendsAt: [`http://${name}.lan:8096`], mapped: [] },
  ...change,
});

/** Copy on `a` (the machine with the disks); `b` has none. */
const found = (
  agents: AgentState[],
  machines: MachineRow[],
  { copies = [copy('a')], wishes = {} }: { copies?: PlayableCopy[]; wishes?: object } = {},
) => {
  const { candidates } = candidatesFor(copies, { profile: CHROMIUM, ...wishes }, { agents, machines });
  return candidates.map(({ agentName, source, because }) => [agentName, source?.agentName ?? null, because]);
};
const weak = agent('a', { slotsTotal: 0, videoEncoders: [] });

describe('[BO1] a machine without a copy', () => {
  it('encodes what the machine with the file cannot, and is told how to read it', () => {
    const { candidates } = candidatesFor(
      [copy('a')],
      { profile: CHROMIUM },
      { agents: [weak, agent('b')], machines: [machine('a'), machine('b')] },
    );
    expect(candidates).toHaveLength(1);
    expect(candidates[0]).toMatchObject({
      ...{ agentId: agentId('b'), agentName: 'agent b', root: 'films', because: 'only-one' },
      plan: { mode: 'transcode' },
      source: {
        ...{ agentId: agentId('a'), path: 'A film.mkv', size: 1_000, mtimeMs: 2_000, readerKey: 'key of b' },
        ...{ addresses: ['http://a.lan:8096'], mapped: false },
      },
    });
  });

  it('is asked first where it has a chip or the only free slot, and after the machine with the file else', () => {
    const both = [machine('a'), machine('b')];
    expect(found([agent('a'), agent('b')], both)).toEqual([
      ['agent a', null, 'own-file'],
      ['agent b', 'agent a', 'first'],
    ]);
    const chip = agent('b', { videoEncoders: ['h264_nvenc'] });
    expect(found([agent('a'), chip], both)[0]).toEqual(['agent b', 'agent a', 'hardware']);
    expect(found([agent('a', { slotsUsed: 2 }), agent('b')], both)[0]).toEqual(['agent b', 'agent a', 'free-slot']);
    expect(found([agent('a', { slotsUsed: 2 }), chip], both)[0]).toEqual(['agent b', 'agent a', 'free-slot']);
  });

  it('has nothing to do where the file needs no encoding', () => {
    expect(
      found([weak, agent('b')], [machine('a'), machine('b')], { copies: [copy('a', { media: mediaInfo() })] }),
    ).toEqual([['agent a', null, 'only-one']]);
  });

  it('stands in where a remux turns out to be none', () => {
    const copies = [copy('a', { media: DEMO.twoLanguages })];
    expect(found([agent('a'), agent('b')], [machine('a'), machine('b')], { copies })).toEqual([
      ['agent a', null, 'mode'],
      ['agent b', 'agent a', 'first'],
    ]);
  });

  it.each<[string, AgentState[], MachineRow[], PlayableCopy[]?]>([
    ['of an older release', [weak, agent('b')], [machine('a'), machine('b', { borrows: false })]],
    ['on another site', [weak, agent('b')], [machine('a'), machine('b', { siteId: 2 })]],
    ['that nobody knows anything of', [weak], [machine('a'), machine('b')]],
    ['without a slot', [weak, agent('b', { slotsTotal: 0 })], [machine('a'), machine('b')]],
    ['of a lender that lends nowhere', [weak, agent('b')], [machine('a', { lendsAt: [] }), machine('b')]],
  ])('%s is not asked', (_, agents, machines) => {
    expect(found(agents, machines)).toEqual([]);
  });

  it('that has the same bytes is asked for its own', () => {
    const copies = [copy('a'), copy('b')];
    expect(found([weak, agent('b')], [machine('a'), machine('b')], { copies })).toEqual([
      ['agent b', null, 'only-one'],
    ]);
  });

  it('is not asked to paint in subtitles that lie beside the film', () => {
    const [subtitle] = DEMO.twoLanguages.subtitles;
    const beside = { index: 1000, codec: 'pgs', form: 'image', external: true } as const;
    const media = { ...DEMO.hevc10, subtitles: [{ ...(subtitle ?? ({} as never)), ...beside }] };
    const machines = [machine('a'), machine('b')];
    expect(found([weak, agent('b')], machines, { copies: [copy('a', { media })] })).toHaveLength(1);
    expect(
      found([weak, agent('b')], machines, { copies: [copy('a', { media })], wishes: { subtitleStream: 1000 } }),
    ).toEqual([]);
  });

  it('comes after all others while the machine with the file is away, unless it has the folder itself', () => {
    const away = agent('a', { online: false });
    const copies = [copy('a'), copy('c', { fingerprint: 'e'.repeat(32) })];
    const machines = [machine('a'), machine('b'), machine('c', { borrows: false })];
    const order = found([away, agent('b'), agent('c')], machines, { copies });
    expect(order.map(([name, from]) => [name, from])).toEqual([
      ['agent c', null],
      ['agent b', 'agent c'],
      ['agent a', null],
      ['agent b', 'agent a'],
      ['agent a', 'agent c'],
    ]);
    const mapped = machine('b', { mapped: [{ agent: agentId('a'), root: 'films' }] });
    const asked = found([away, agent('b'), agent('c', { slotsUsed: 2 })], [machine('a', { lendsAt: [] }), mapped], {
      copies,
    });
    expect(asked[0]).toEqual(['agent b', 'agent a', 'free-slot']);
  });

  it('is one of three at most for one copy: the best of the site', () => {
    const names = ['b', 'c', 'd', 'e'];
    const agents = [weak, ...names.map((name, i) => agent(name, { sessions: 4 - i }))];
    const asked = found(agents, [machine('a'), ...names.map((name) => machine(name))]);
    expect(asked.map(([name]) => name)).toEqual(['agent e', 'agent d', 'agent c']);
  });
});
