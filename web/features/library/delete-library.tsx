import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Library } from '../../../shared/api/libraries.ts';
import { api } from '../../app/api.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { count } from '../../ui/format.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { toast } from '../../ui/toasts.tsx';

interface DeleteLibraryProps {
  library: Library;
  onClose(): void;
  onDeleted?: (() => void) | undefined;
}

/** What goes with a library and what stays, before it goes. */
export function DeleteLibrary({ library, onClose, onDeleted }: DeleteLibraryProps) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.command(`/libraries/${library.id}`, { method: 'DELETE' }),
    onSuccess: async () => {
      toast(`${library.name} was deleted. Its titles leave the shelves one after the other.`);
      onClose();
      onDeleted?.();
      await queries.invalidateQueries();
    },
  });
  const away = library.roots.filter((root) => !root.agent.online).length;
  return (
    <ConfirmDialog
      title={`Delete ${library.name}?`}
      verb="Delete"
      icon="trash"
      action={remove}
      onClose={onClose}
      testId="delete-library-confirm"
    >
      <ul className="flex flex-col gap-3.5 text-pretty">
        <Point icon="close" title={library.items === null ? 'Its titles go' : `${count(library.items, 'title')} go`}>
          From every shelf, search and list. A title that is in another library too stays there.
        </Point>
        {library.roots.length > 0 && (
          <Point icon="folder" title={`${count(library.roots.length, 'folder')} shared no more`}>
            {away === 0
              ? 'The machines stop looking into them.'
              : 'Those of machines that are off now are listed as “in no library” when they are back.'}
          </Point>
        )}
        <Point icon="check" title="No file is touched">
          Films stay on their disks as they are.
        </Point>
        <Point icon="check" title="What people did is kept">
          What they watched, rated and marked shows again when the same files are shared in another library.
        </Point>
      </ul>
    </ConfirmDialog>
  );
}

function Point({ icon, title, children }: { icon: IconName; title: string; children: string }) {
  return (
    <li className="flex gap-3">
      <Icon name={icon} className="mt-0.5 size-5 shrink-0 text-amber" />
      <div>
        <p className="font-medium">{title}</p>
        <p className="text-sm text-sand">{children}</p>
      </div>
    </li>
  );
}
