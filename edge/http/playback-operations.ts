import * as fleet from '../../shared/api/fleet.ts';
import { PersonLimits, ViewingLimits } from '../../shared/api/limits.ts';
import * as playback from '../../shared/api/playback.ts';
import type { Operation } from './operation.ts';

/** The routes of playing and of the machines behind it. */
export const PLAYBACK_OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /api/v1/users/me/playing': {
    summary: 'What one watches now on any device, to go on with it on this one',
    answer: [200, playback.OwnSessions],
  },
  'GET /api/v1/users/:id/limits': { summary: 'How much a person may take', answer: [200, PersonLimits] },
  'PUT /api/v1/users/:id/limits': {
    summary: 'Set how much a person may take',
    body: ViewingLimits,
    answer: [200, PersonLimits],
  },
  'DELETE /api/v1/users/:id/limits': {
    summary: 'Let a person take what everybody may',
    answer: [200, PersonLimits],
  },

  'GET /api/v1/sites': { summary: 'All sites', answer: [200, fleet.Sites] },
  'POST /api/v1/sites': { summary: 'Make a site', body: fleet.CreateSite, answer: [201, fleet.Site] },
  'PUT /api/v1/sites/:id': {
    summary: 'Set what viewers elsewhere may take of a site’s line',
    body: fleet.ChangeSite,
    answer: [200, fleet.Site],
  },
  'GET /api/v1/agents': { summary: 'All agents', answer: [200, fleet.Agents] },
  'POST /api/v1/agents/enrolments': {
    summary: 'A one-time code that enrols a machine',
    body: fleet.CreateEnrolment,
    answer: [201, fleet.Enrolment],
  },
  'POST /api/v1/agents/:id/drain': {
    summary: 'Let an agent take nothing new and hand its sessions over, or take viewers again',
    body: fleet.DrainAgent,
    answer: [200, fleet.DrainedAgent],
  },
  'PUT /api/v1/agents/:id/direct': {
    summary: 'Let viewers come to a machine directly, or not',
    body: fleet.AllowDirect,
    answer: [204, null],
  },
  'DELETE /api/v1/agents/:id': { summary: 'Remove an agent', answer: [204, null] },
  'POST /api/v1/agents/:id/folders': {
    summary: 'Folders of a machine, below those that its owner allowed there',
    body: fleet.BrowseRequest,
    answer: [200, fleet.Folders],
  },
  'POST /api/v1/agents/:id/roots': {
    summary: 'Share a folder of a machine',
    body: fleet.AddRoot,
    answer: [201, fleet.AddedRoot],
  },
  'DELETE /api/v1/agents/:id/roots/:root': { summary: 'Share a folder no more', answer: [204, null] },
  'POST /api/v1/agents/:id/update': {
    summary: 'Let a machine take the agent that this server offers',
    answer: [200, fleet.AgentUpdate],
  },

  'POST /api/v1/items/:id/play': {
    summary: 'Begin to play an item on a device',
    body: playback.PlayRequest,
    answer: [200, playback.PlayAnswer],
  },
  'POST /api/v1/items/:id/download': {
    summary: 'The file of an item, to be kept under its name',
    body: playback.DownloadRequest,
    answer: [200, playback.DownloadAnswer],
  },
  'POST /api/v1/sessions/:id/progress': {
    summary: 'Tell what the player shows',
    body: playback.ProgressRequest,
    answer: [204, null],
  },
  'POST /api/v1/sessions/:id/stop': { summary: 'Stop playing', body: playback.StopRequest, answer: [204, null] },
  'POST /api/v1/sessions/:id/direct': {
    summary: 'The direct way to the machine that serves a session now',
    answer: [200, playback.DirectAnswer],
  },
  'POST /api/v1/sessions/:id/end': {
    summary: 'End somebody’s session with a word to them',
    body: playback.EndSession,
    answer: [204, null],
  },
  'GET /api/v1/sessions': { summary: 'Who watches what', answer: [200, playback.ActiveSessions] },
};
