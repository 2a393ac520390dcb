import type { Libraries, LibraryRoot } from '../../../shared/api/libraries.ts';

/** A folder of a machine, and the library that it is in; null for none. */
export interface Folder {
  root: LibraryRoot;
  library: string | null;
}

/** The folders of all machines but those of one library, those in none first. */
export function foldersOutside({ items, loose }: Libraries, libraryId: string | null): Folder[] {
  const others = items.filter((library) => library.id !== libraryId);
  return [
    ...loose.map((root) => ({ root, library: null })),
    ...others.flatMap((library) => library.roots.map((root) => ({ root, library: library.name }))),
  ];
}

export const keyOf = ({ root }: Folder) => `${root.agent.id}/${root.id}`;

/** Folders as the API names them. */
export const namedFolders = (folders: readonly Folder[]) =>
  folders.map(({ root }) => ({ agentId: root.agent.id, rootId: root.id }));

interface FolderChoiceProps {
  title: string;
  folders: readonly Folder[];
  chosen: readonly string[];
  onChange(chosen: string[]): void;
}

/** Folders that a library may take, each with where it is now. */
export function FolderChoice({ title, folders, chosen, onChange }: FolderChoiceProps) {
  if (folders.length === 0) return null;
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium text-sand">{title}</legend>
      <ul className="max-h-64 divide-y divide-cream/8 overflow-y-auto rounded-xl border border-cream/12 bg-coal/60">
        {folders.map((folder) => {
          const key = keyOf(folder);
          return (
            <li key={key}>
              <label className="flex min-h-12 cursor-pointer items-center gap-3 px-4 py-2 hover:bg-cream/4">
                <input
                  type="checkbox"
                  checked={chosen.includes(key)}
                  onChange={({ target }) =>
                    onChange(target.checked ? [...chosen, key] : chosen.filter((other) => other !== key))
                  }
                  className="size-4.5 shrink-0 accent-amber"
                  data-testid={`folder-${folder.root.name}`}
                />
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium">{folder.root.name}</span>
                  <span className="block truncate text-sm text-smoke">
                    {folder.library === null ? 'In no library' : `In ${folder.library}`} · {folder.root.agent.name}
                  </span>
                </span>
              </label>
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}
