import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { ChangeLibrary, Library } from '../../../shared/api/libraries.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { librariesQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { FormActions } from '../../ui/form-actions.tsx';
import { toast } from '../../ui/toasts.tsx';
import { DeleteLibrary } from './delete-library.tsx';
import { FolderChoice, foldersOutside, keyOf, namedFolders } from './folder-choice.tsx';

/** What a library is called, folders of others that it takes, and its end. */
export function EditLibrary({ library, onClose, onDeleted }: EditLibraryProps) {
  const queries = useQueryClient();
  const libraries = useQuery(librariesQuery).data;
  const folders = libraries ? foldersOutside(libraries, library.id) : [];
  const [name, setName] = useState(library.name);
  const [chosen, setChosen] = useState<string[]>([]);
  const [deleting, setDeleting] = useState(false);
  const save = useMutation({
    mutationFn: (body: ChangeLibrary) => api.command(`/libraries/${library.id}`, { method: 'PUT', body }),
    onSuccess: async () => {
      if (chosen.length > 0) toast('The titles of these folders follow in a moment.');
      await queries.invalidateQueries();
      onClose();
    },
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const taken = folders.filter((folder) => chosen.includes(keyOf(folder)));
    save.mutate({ name: name.trim(), folders: namedFolders(taken) });
  };
  if (deleting) return <DeleteLibrary library={library} onClose={onClose} onDeleted={onDeleted} />;
  return (
    <Dialog title={library.name} onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-5">
        <Field
          label="Name"
          value={name}
          required
          maxLength={200}
          testId="edit-library-name"
          onChange={(event) => setName(event.target.value)}
          error={save.isError ? messageOf(save.error) : null}
        />
        <FolderChoice title="Take these folders too" folders={folders} chosen={chosen} onChange={setChosen} />
        <FormActions submit="Save" busy={save.isPending} onCancel={onClose} testId="edit-library-save" />
      </form>
      <section className="mt-7 flex flex-wrap items-center justify-between gap-3 border-t border-cream/8 pt-5">
        <p className="text-sm text-smoke">No file is touched when a library is deleted.</p>
        <Button size="sm" variant="danger" icon="trash" onClick={() => setDeleting(true)} data-testid="delete-library">
          Delete
        </Button>
      </section>
    </Dialog>
  );
}

interface EditLibraryProps {
  library: Library;
  onClose(): void;
  onDeleted?: () => void;
}
