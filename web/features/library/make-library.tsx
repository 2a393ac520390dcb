import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { LibraryMade } from '../../../shared/api/libraries.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { librariesQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { FormActions } from '../../ui/form-actions.tsx';
import { FolderChoice, foldersOutside, keyOf, namedFolders } from './folder-choice.tsx';

/** A new library: its name, and folders that machines share already. */
export function MakeLibrary() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon="plus" onClick={() => setOpen(true)} data-testid="make-library">
        New library
      </Button>
      {open && <MakeLibraryDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function MakeLibraryDialog({ onClose }: { onClose(): void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const libraries = useQuery(librariesQuery).data;
  const folders = libraries ? foldersOutside(libraries, null) : [];
  const [chosen, setChosen] = useState<string[]>(() =>
    folders.filter(({ library }) => library === null).map((folder) => keyOf(folder)),
  );
  const make = useMutation({
    mutationFn: (name: string) => {
      const taken = folders.filter((folder) => chosen.includes(keyOf(folder)));
      return api.request(LibraryMade, '/libraries', { method: 'POST', body: { name, folders: namedFolders(taken) } });
    },
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: librariesQuery.queryKey });
      onClose();
      navigate({ to: '/library/$libraryId', params: { libraryId: id } });
    },
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    make.mutate(String(new FormData(event.currentTarget).get('name')).trim());
  };
  return (
    <Dialog title="New library" onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-5">
        <Field
          label="Name"
          name="name"
          required
          maxLength={200}
          placeholder="Home videos"
          testId="new-library-name"
          hint="People see it under this name. Folders that a machine shares later can join it."
          error={make.isError ? messageOf(make.error) : null}
        />
        <FolderChoice title="Folders to begin with" folders={folders} chosen={chosen} onChange={setChosen} />
        <FormActions submit="Make it" busy={make.isPending} onCancel={onClose} testId="new-library-save" />
      </form>
    </Dialog>
  );
}
