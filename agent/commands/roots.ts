import { statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { chooseRoots, MAX_ROOTS } from '../config/chosen-roots.ts';
import { type AgentConfig, parseRoot, prepareDataDir } from '../config.ts';
import { AgentError, EXIT } from '../exit-codes.ts';
import { chosenOf } from '../folders/folder-calls.ts';
import { isWithin } from '../folders/places.ts';
import { askAgent } from '../local/control.ts';
import { AgentStatus } from '../local/status.ts';
import { orderReload } from './orders.ts';
import { say } from './say.ts';

/** `roots list`: the folders that are shared, and where each stands. */
export async function listRoots(config: AgentConfig): Promise<number> {
  const status = AgentStatus.safeParse(await askAgent(config.dataDir, 'GET', '/status')).data;
  const chosen = new Set(chosenOf(config).map(({ path }) => path));
  const roots = config.roots.map(({ path, library, followLinks }) => {
    const live = status?.roots.find((root) => root.path === path);
    const source = chosen.has(path) ? 'chosen' : config.held.roots.source;
    return { path, library, followLinks, source, files: live?.present ?? null, state: live?.state ?? null };
  });
  if (config.json) say(JSON.stringify({ roots }));
  else if (roots.length === 0)
    say('No folders are shared. Add one: hearthcast-agent roots add "Movies=/path/to/films"');
  for (const { library, path, files, state, source } of config.json ? [] : roots) {
    say(
      `${library}: ${path} (${[files === null ? null : `${files} files`, state, source].filter(Boolean).join(', ')})`,
    );
  }
  return EXIT.ok;
}

/** `roots add NAME=PATH`: shares a folder from now on. */
export async function addRoot(config: AgentConfig, text: string): Promise<number> {
  refuseFixed(config);
  const asked = parseRoot(text, config.held.followLinks.value);
  const root = { ...asked, path: await folder(asked.path) };
  const same = config.roots.find(({ path }) => path === root.path);
  if (same) return await told(config, `${root.path} is shared already, in "${same.library}".`);
  const around = config.roots.find(({ path }) => isWithin(root.path, path) || isWithin(path, root.path));
  if (around) throw new AgentError(`${around.path} is shared already, and one of the two is inside the other.`);
  if (config.roots.length >= MAX_ROOTS) throw new AgentError(`A machine shares ${MAX_ROOTS} folders at most.`);
  prepareDataDir(config.dataDir);
  chooseRoots(config.dataDir, [...chosenOf(config), root]);
  return await told(config, `${root.path} is shared, in "${root.library}".`);
}

/** `roots remove PATH|NAME`: shares it no more. The files stay where they are. */
export async function removeRoot(config: AgentConfig, text: string): Promise<number> {
  refuseFixed(config);
  const matching = config.roots.filter(({ path, library }) => path === resolve(text) || library === text);
  const [root] = matching;
  if (!root) throw new AgentError(`No shared folder is ${text}. "hearthcast-agent roots list" shows them.`, EXIT.usage);
  if (matching.length > 1) throw new AgentError(`"${text}" has several folders: name one by its path.`, EXIT.usage);
  const chosen = chosenOf(config);
  if (!chosen.some(({ path }) => path === root.path)) {
    throw new AgentError(`${root.path} stands in ${config.file}: take it out there.`, EXIT.usage);
  }
  chooseRoots(
    config.dataDir,
    chosen.filter(({ path }) => path !== root.path),
  );
  return await told(config, `${root.path} is shared no more. Its files were not touched.`);
}

async function told(config: AgentConfig, sentence: string): Promise<number> {
  const running = (await orderReload(config)) !== null;
  if (config.json) say(JSON.stringify({ said: sentence, running }));
  else say(running ? sentence : `${sentence} The agent is not running; it knows at its next start.`);
  return EXIT.ok;
}

function refuseFixed(config: AgentConfig): void {
  const { source } = config.held.roots;
  if (source !== '--root' && source !== 'HEARTHCAST_ROOTS') return;
  throw new AgentError(`This agent's folders are fixed by ${source}: change them there.`, EXIT.usage);
}

async function folder(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if (statSync(real).isDirectory()) return real;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') throw new AgentError(`${path} may not be read: let the user that runs the agent read it.`);
  }
  throw new AgentError(`There is no folder ${path}: check the spelling, or that its disk is mounted.`, EXIT.usage);
}
