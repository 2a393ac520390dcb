import { SignedIn } from '../../shared/api/auth.ts';
import type { MediaInfo } from '../../shared/media/media-info.ts';
import { SETUP_CODE, startWorker } from '../fakes/worker-process.ts';

const OWNER = { username: 'Ada', password: 'correct horse battery' } as const;

/** The whole edge in workerd on a port of its own, with an owner who is signed in. */
export interface Deployment extends AsyncDisposable {
  readonly origin: string;
  /** A code that enrols one agent. */
  enrolmentCode(): Promise<string>;
  /** Makes an item with copies on agents: the same bytes on each. */
  item(title: string, media: MediaInfo, agentIds: readonly string[]): Promise<number>;
  call(method: string, path: string, body?: unknown): Promise<Response>;
}

export async function startDeployment(): Promise<Deployment> {
  const worker = await startWorker('edge/index.ts');
  const { origin, database, enrolmentCode } = worker;
  let token = await signUp(origin);
  return {
    origin,
    enrolmentCode,
    async item(title, media, agentIds) {
      const row = await database
        .prepare(
          `INSERT INTO item (key, kind, browse, title, sort_title, added_at) VALUES (?1, 'movie', 1, ?1, ?1, 1) RETURNING id`,
        )
        .bind(title)
        .first<{ id: number }>();
      const id = row?.id as number;
      const fingerprint = id.toString(16).padStart(32, '0');
      for (const agentId of agentIds) {
        await database
          .prepare(
            `INSERT INTO file (agent_id, root, path_hash, epoch, rev, item_id, path, size, mtime_ms, fingerprint, media)
             VALUES (?, 'films', ?, 'epoch', 1, ?, 'a.mp4', 1000, 1, ?, ?)`,
          )
          .bind(agentId, fingerprint, id, fingerprint, JSON.stringify(media))
          .run();
      }
      return id;
    },
    async call(method, path, body) {
      const ask = () =>
        fetch(`${origin}/api/v1${path}`, {
          method,
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
      const answer = await ask();
      if (answer.status !== 401) return answer;
      // A long run outlives its access token.
      await answer.arrayBuffer();
      token = await tokenOf(origin, 'login', OWNER);
      return ask();
    },
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  };
}

function signUp(origin: string): Promise<string> {
  return tokenOf(origin, 'setup', { ...OWNER, setupCode: SETUP_CODE });
}

async function tokenOf(origin: string, way: 'setup' | 'login', said: object): Promise<string> {
  const response = await fetch(`${origin}/api/v1/auth/${way}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...said, delivery: 'body' }),
  });
  const answer: unknown = await response.json();
  const signedIn = SignedIn.safeParse(answer);
  if (!signedIn.success) throw new Error(`${way}: ${response.status} ${JSON.stringify(answer)}`);
  return signedIn.data.accessToken as string;
}
