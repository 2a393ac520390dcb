import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';
import { Problem } from '../../shared/errors.ts';
import { EnrolAnswer, PublicKey } from '../../shared/protocol/enrolment.ts';
import { AgentId } from '../../shared/protocol/names.ts';

const FILE = 'identity.json';
const GENERATION_FILE = 'generation';
const ENROL_TIMEOUT_MS = 30_000;

const StoredIdentity = z.object({
  agentId: AgentId,
  /** Origin of the edge that this identity was made for. */
  edge: z.url(),
  name: z.string(),
  siteName: z.string(),
  /** Ed25519 as JWK. It was made here and never leaves this file. */
  privateKey: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: PublicKey, d: z.string() }),
});

export interface Identity extends z.infer<typeof StoredIdentity> {
  /** Of this process; greater than that of any earlier process with this identity, whatever the clock says. */
  generation: number;
}

/**
 * The identity that is kept in a data folder, or null before the enrolment. Throws where the file is damaged:
 * making a new identity over it would orphan all that the edge knows of this machine.
 */
export function loadIdentity(dataDir: string): Identity | null {
  const path = join(dataDir, FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const stored = StoredIdentity.safeParse(parseJson(text));
  if (!stored.success) throw new Error(`${path} is damaged: remove it and enrol this machine again with a new code`);
  return { ...stored.data, generation: nextGeneration(dataDir, Date.now()) };
}

/**
 * Makes a key on this machine, trades a one-time code for an identity at the edge, and keeps it in the data
 * folder. Throws with a sentence for a person.
 */
export async function enrol(options: { edge: string; code: string; name: string; dataDir: string }): Promise<Identity> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { x } = await exportJWK(publicKey);
  const { d } = await exportJWK(privateKey);
  if (!x || !d) throw new Error('This runtime made no Ed25519 key');
  const edge = new URL(options.edge).origin;
  const answer = await post(`${edge}/agent/v1/enrol`, { code: options.code, publicKey: x, name: options.name });
  const { agentId, siteName } = EnrolAnswer.parse(answer);
  const key = { kty: 'OKP', crv: 'Ed25519', x, d } as const;
  const stored = { agentId, edge, name: options.name, siteName, privateKey: key };
  mkdirSync(options.dataDir, { recursive: true });
  replaceFile(join(options.dataDir, FILE), `${JSON.stringify(stored, null, 2)}\n`);
  return { ...stored, generation: nextGeneration(options.dataDir, Date.now()) };
}

/** Rises with each start, also when the clock was set back in between. */
function nextGeneration(dataDir: string, now: number): number {
  const path = join(dataDir, GENERATION_FILE);
  let last = 0;
  try {
    last = Number(readFileSync(path, 'utf8')) || 0;
  } catch {
    // The first start.
  }
  const generation = Math.max(now, last + 1);
  replaceFile(path, String(generation));
  return generation;
}

/** Whole or not at all, and readable by its owner only from its first byte on. */
function replaceFile(path: string, text: string): void {
  const temporary = `${path}.new`;
  writeFileSync(temporary, text, { mode: 0o600, flush: true });
  // The mode above counts only for a file that was not there.
  chmodSync(temporary, 0o600);
  renameSync(temporary, path);
}

async function post(url: string, body: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ENROL_TIMEOUT_MS),
    });
  } catch (cause) {
    throw new Error(`No answer from ${url}: check the address of the server`, { cause });
  }
  const answer = parseJson(await response.text());
  if (response.ok) return answer;
  const problem = Problem.safeParse(answer);
  if (!problem.success)
    throw new Error(`${url} answered ${response.status}: is this the address of a Hearthcast server?`);
  throw new Error(problem.data.detail ?? problem.data.title);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
