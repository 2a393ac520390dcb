import type { OpenSession } from '../../shared/protocol/capabilities.ts';
import type { AgentEvent, AgentFrame } from '../../shared/protocol/frames.ts';
import type { RescanByRoot } from '../../shared/protocol/scans.ts';
import type { UpdateWishes } from '../../shared/protocol/updates.ts';
import { announceRoots } from '../catalog/roots.ts';
import { askForHeldScans, rescanOf } from '../catalog/scan-runs.ts';
import { recordScanProgress } from '../catalog/scans.ts';
import { noteAgentSeen } from '../db/agents.ts';
import { updateWishes } from '../deployment/settings.ts';
import type { Env } from '../env.ts';
import { publishEvent } from '../objects/event-publisher.ts';
import { FLEET_NAME } from '../playback/fleet-name.ts';
import { readKeyOf } from '../playback/read-tickets.ts';
import type { LeaveJudge } from './leave-asks.ts';

export type Hello = Extract<AgentFrame, { type: 'hello' }>;

/** What the deployment says to one agent. */
export interface AgentSettings {
  rescanMinutes: RescanByRoot;
  updates: UpdateWishes;
}

export interface AgentState {
  online: boolean;
  slotsUsed: number;
  slotsTotal: number;
  videoEncoders: string[];
  /** It paints subtitles that are text into a picture; absent is no. */
  paintsText?: boolean;
  /** It is to be stopped, and takes nothing new. */
  draining?: boolean;
  /** What its line was seen to carry, bits a second. */
  uplink?: number;
}

/** Who is told what happens on a link. Each promise may reject: the link logs it and lives on. */
export interface AgentObserver extends LeaveJudge {
  /** Whether an agent that says hello may keep a session that it has open. */
  owns(agentId: string, session: OpenSession): Promise<boolean>;
  connected(agentId: string, hello: Hello, now: number): Promise<void>;
  /** What an agent is told of itself: how often its roots are looked at again, and how it comes to newer versions. */
  settings(agentId: string): Promise<AgentSettings>;
  /** With what the agent verifies tickets for its files. */
  readKey(agentId: string): Promise<string>;
  /** Resolves once the event is safe: only then is it acknowledged. */
  event(agentId: string, event: AgentEvent): Promise<void>;
  /** Every change of what placement should know. */
  state(agentId: string, state: AgentState): Promise<void>;
  /** What people are told: changes of presence only. */
  presence(agentId: string, online: boolean, now: number): Promise<void>;
}

/** The rest of the edge as observer. */
export function observerOf(env: Env): AgentObserver {
  return {
    async owns(agentId, session) {
      return env.PLAYBACK_SESSION.getByName(session.id).owns(agentId, session.generation);
    },

    async connected(agentId, hello, now) {
      const { version, capabilities } = hello;
      await noteAgentSeen(env, agentId, { version, capabilities }, now);
      await announceRoots(env, agentId, hello.roots);
      const open = hello.sessions.map(({ id }) => id);
      await env.FLEET.getByName(FLEET_NAME).agentHas(agentId, open, now);
    },

    async settings(agentId) {
      const [rescanMinutes, updates] = await Promise.all([rescanOf(env, agentId), updateWishes(env)]);
      return { rescanMinutes, updates };
    },

    readKey: (agentId) => readKeyOf(env, agentId),

    async event(agentId, event) {
      switch (event.kind) {
        case 'scan.progress':
          return recordScanProgress(env, agentId, event);
        case 'roots':
          return announceRoots(env, agentId, event.roots);
        case 'session.ended':
          return env.PLAYBACK_SESSION.getByName(event.session).agentEnded(agentId, event.generation, event.reason);
        case 'direct.served':
          await Promise.all(
            event.sessions.map(({ session, generation, address }) =>
              env.PLAYBACK_SESSION.getByName(session).servedDirectly(agentId, generation, address),
            ),
          );
          return;
        case 'capacity':
          // The link's own state carries it to placement.
          return;
        default:
          return event satisfies never;
      }
    },

    leave: (agentId, work) => env.FLEET.getByName(FLEET_NAME).leave(agentId, work),
    workDone: (agentId, work) => env.FLEET.getByName(FLEET_NAME).workDone(agentId, work),

    async state(agentId, state) {
      await env.FLEET.getByName(FLEET_NAME).agentChanged({ agentId, ...state });
    },

    async presence(agentId, online, now) {
      if (!online) await noteAgentSeen(env, agentId, null, now);
      await publishEvent(env, { topic: 'agent.presence', agentId, online }, { users: 'all' });
      // Not waited for: it calls the agent by the very object that tells this.
      if (online) void askForHeldScans(env, agentId, now).catch((error) => console.warn('held scans', String(error)));
    },
  };
}
