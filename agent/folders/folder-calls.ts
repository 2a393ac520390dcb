import { basename } from 'node:path';
import type { CallAnswer, CallParams } from '../../shared/protocol/calls.ts';
import type { RootInfo } from '../../shared/protocol/capabilities.ts';
import { chooseRoots, chosenRoots, MAX_ROOTS } from '../config/chosen-roots.ts';
import type { AgentConfig } from '../config.ts';
import type { RootConfig } from '../library/roots.ts';
import { AgentFailure } from '../link/handlers.ts';
import { browse, type SharedRoots, showAllowed } from './browse.ts';
import { folderOf, isWithin } from './places.ts';

export interface FolderDeps {
  config(): AgentConfig;
  roots(): readonly (RootInfo & { path: string })[];
  /** Takes over what was chosen; resolves when the library has it. */
  reload(): Promise<unknown>;
}

/** What an admin may do with this machine's folders from afar: look below what was allowed here, choose, take back. */
export class FolderCalls {
  readonly #deps: FolderDeps;

  constructor(deps: FolderDeps) {
    this.#deps = deps;
  }

  async browse({ place }: CallParams<'library.browse'>): Promise<CallAnswer<'library.browse'>> {
    const { allow } = this.#deps.config();
    const roots: SharedRoots = this.#deps.roots();
    return place === null ? showAllowed(allow, roots) : await browse(place, allow, roots);
  }

  async add({ place, library }: CallParams<'roots.add'>): Promise<CallAnswer<'roots.add'>> {
    const config = this.#deps.config();
    const path = await folderOf(place, config.allow);
    const known = this.#deps.roots().find((root) => root.path === path);
    if (known) return { root: infoOf(known) };
    const around = this.#deps.roots().find((root) => isWithin(path, root.path) || isWithin(root.path, path));
    if (around) {
      const name = basename(around.path) || around.path;
      throw new AgentFailure(
        'content',
        'conflict',
        `“${name}” is shared already, and one of the two is inside the other.`,
      );
    }
    this.#refuseFixed(config);
    if (config.roots.length >= MAX_ROOTS)
      throw new AgentFailure('content', 'conflict', `A machine shares ${MAX_ROOTS} folders at most.`);
    const followLinks = config.held.followLinks.value;
    await this.#choose(config, [...chosenOf(config), { path, library, followLinks }]);
    const root = this.#deps.roots().find((one) => one.path === path);
    if (!root) throw new AgentFailure('content', 'agent-failed', 'The folder was not taken over.');
    return { root: infoOf(root) };
  }

  async remove({ root: id }: CallParams<'roots.remove'>): Promise<CallAnswer<'roots.remove'>> {
    const config = this.#deps.config();
    const root = this.#deps.roots().find((one) => one.id === id);
    if (!root) throw new AgentFailure('content', 'not-found', 'This machine shares no such folder.');
    this.#refuseFixed(config);
    const chosen = chosenOf(config);
    if (!chosen.some(({ path }) => path === root.path)) {
      throw new AgentFailure(
        'content',
        'conflict',
        'This folder stands in the machine’s own configuration: take it out there.',
      );
    }
    await this.#choose(
      config,
      chosen.filter(({ path }) => path !== root.path),
    );
    return {};
  }

  async #choose(config: AgentConfig, roots: readonly RootConfig[]): Promise<void> {
    chooseRoots(config.dataDir, roots);
    await this.#deps.reload();
  }

  /** Folders that came with the command or the environment are the whole truth while that process runs. */
  #refuseFixed(config: AgentConfig): void {
    const { source } = config.held.roots;
    if (source === '--root' || source === 'HEARTHCAST_ROOTS') {
      throw new AgentFailure(
        'content',
        'conflict',
        `This machine’s folders are fixed by ${source}: change them there.`,
      );
    }
  }
}

/** What was chosen so far; before the first choice, the folders of the last run, which go on being shared. */
export function chosenOf(config: AgentConfig): RootConfig[] {
  const chosen = chosenRoots(config.dataDir);
  return chosen ?? (config.held.roots.source === 'the last run' ? config.roots : []);
}

function infoOf({ id, name, library, state, watch }: RootInfo): RootInfo {
  return { id, name, library, state, ...(watch ? { watch } : {}) };
}
