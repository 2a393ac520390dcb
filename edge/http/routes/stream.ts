import { type Context, Hono } from 'hono';
import { HearthcastError } from '../../../shared/errors.ts';
import { decideRange, MAX_RANGE_BYTES } from '../../../shared/media/byte-range.ts';
import { downloadAs } from '../../../shared/media/download-name.ts';
import { type MediaKind, mediaHeaders, PLAYLIST_TYPES } from '../../../shared/media/media-headers.ts';
import type { Plan } from '../../../shared/media/plan.ts';
import type { Timeline } from '../../../shared/media/timeline.ts';
import { resourceAt } from '../../../shared/protocol/resource-path.ts';
import type { ByteRange, Resource } from '../../../shared/protocol/resources.ts';
import { asksOn } from '../../playback/asking-on.ts';

import { dashManifest } from '../../playback/dash.ts';
import { deliver } from '../../playback/delivery.ts';
import { masterPlaylist, mediaPlaylist } from '../../playback/hls.ts';
import { subtitlePlaylist } from '../../playback/hls-subtitles.ts';
import { Owners } from '../../playback/owners.ts';
import { openTicket, type Ticket } from '../../playback/tickets.ts';
import type { AppEnv } from '../context.ts';

/**
 * Media by ticket, without cookies or accounts: the ticket is verified with a key in memory, and the owner that it
 * names is asked at once. No route here reads the database.
 */
export function streamRoutes(now: () => number = Date.now): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  const owners = new Owners();

  routes.get('/stream/:ticket/master.m3u8', async (c) => {
    const { plan } = await segmentsOf(c);
    return playlist(c, masterPlaylist(plan), 'hls');
  });

  routes.get('/stream/:ticket/manifest.mpd', async (c) => {
    const { plan, timeline } = await segmentsOf(c);
    return playlist(c, dashManifest(plan, timeline), 'dash');
  });

  routes.get('/stream/:ticket/file', async (c) => {
    const ticket = await ticketOf(c);
    if (!ticket.file) throw new HearthcastError('not-found', 'This session plays segments, not the file.');
    const { size, contentType } = ticket.file;
    const etag = `"${ticket.fingerprint}"`;
    const about = {
      etag,
      'accept-ranges': 'bytes',
      ...mediaHeaders('file', contentType),
      ...(await savedAs(c, ticket)),
    };
    const most = asksOn(c.req.header('user-agent')) ? MAX_RANGE_BYTES : size;
    const decision = decideRange(c.req.header('range'), c.req.header('if-range'), { size, etag, most });
    if (decision.kind === 'unsatisfiable') {
      return new Response(null, { status: 416, headers: { ...about, 'content-range': `bytes */${size}` } });
    }
    if (isHead(c)) return new Response(null, { headers: { ...about, 'content-length': String(size) } });
    const range = decision.kind === 'part' ? decision.range : null;
    const answer = await bytes(c, ticket, { kind: 'file' }, range);
    return withHeaders(answer, about);
  });

  routes.get('/stream/:ticket/subtitles/:stream{[0-9]{1,6}}/index.m3u8', async (c) => {
    const { plan, timeline } = await segmentsOf(c);
    const stream = Number(c.req.param('stream'));
    if (!plan.subtitles.some((track) => track.stream === stream)) throw unknownRendition();
    return playlist(c, subtitlePlaylist(timeline), 'hls');
  });

  routes.get('/stream/:ticket/:rendition/index.m3u8', async (c) => {
    const { plan, timeline } = await segmentsOf(c);
    const id = c.req.param('rendition');
    if (![...plan.video, ...plan.audio].some((rendition) => rendition.id === id)) throw unknownRendition();
    return playlist(c, mediaPlaylist(timeline), 'hls');
  });

  routes.get('/stream/:ticket/*', async (c) => {
    const named = resourceAt(c.req.path.split('/').slice(3).join('/'));
    if (!named) throw unknownRendition();
    return whole(c, named.resource, named.kind);
  });

  return routes;

  function ticketOf(c: Context<AppEnv>): Promise<Ticket> {
    return openTicket(c.env, c.req.param('ticket') ?? '', now());
  }

  function bytes(c: Context<AppEnv>, ticket: Ticket, resource: Resource, range: ByteRange | null): Promise<Response> {
    return deliver(c.env, owners, ticket, { resource, range }, c.req.raw.signal);
  }

  /** `?download` gives a file the name of its title, to those who may keep it; the ticket itself says neither. */
  async function savedAs(c: Context<AppEnv>, { session, file }: Ticket): Promise<Record<string, string>> {
    if (c.req.query('download') === undefined) return {};
    const kept = await c.env.PLAYBACK_SESSION.getByName(session).keptAs();
    if (!kept.ok) throw new HearthcastError(kept.code, kept.detail);
    return { 'content-disposition': downloadAs(kept.title, file?.contentType ?? '') };
  }

  async function whole(c: Context<AppEnv>, resource: Resource, kind: MediaKind): Promise<Response> {
    const ticket = await ticketOf(c);
    // To know its length a segment would have to be made: HEAD says that it can be asked for, no more.
    if (isHead(c)) return new Response(null, { headers: mediaHeaders(kind, null) });
    const answer = await bytes(c, ticket, resource, null);
    return withHeaders(answer, mediaHeaders(kind, answer.headers.get('content-type')));
  }

  async function segmentsOf(c: Context<AppEnv>): Promise<{ plan: Plan; timeline: Timeline }> {
    const ticket = await ticketOf(c);
    const manifest = await c.env.PLAYBACK_SESSION.getByName(ticket.session).manifest();
    if (!manifest.ok) throw new HearthcastError(manifest.code, manifest.detail);
    const { plan, timeline } = manifest;
    if (!timeline) throw new HearthcastError('not-found', 'This session plays the file as it is.');
    // The types of calls between objects lose that a run is a pair.
    return { plan, timeline: timeline as Timeline };
  }
}

function playlist(c: Context<AppEnv>, text: string, kind: keyof typeof PLAYLIST_TYPES): Response {
  return c.body(text, 200, mediaHeaders('playlist', PLAYLIST_TYPES[kind]));
}

/** The stream goes on untouched: copied into a new answer its length would be lost. */
function withHeaders(answer: Response, headers: Record<string, string>): Response {
  const response = new Response(answer.body, answer);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

function unknownRendition(): HearthcastError {
  return new HearthcastError('not-found', 'The session has no such rendition.');
}

/** Hono answers HEAD by the route of GET and drops the body; what is costly to make is not made. */
function isHead(c: Context<AppEnv>): boolean {
  return c.req.raw.method === 'HEAD';
}
