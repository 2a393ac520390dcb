import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { AddedRoot, type Agent } from '../../../shared/api/fleet.ts';
import type { Library } from '../../../shared/api/libraries.ts';
import type { FolderPlace } from '../../../shared/protocol/folders.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { FormActions } from '../../ui/form-actions.tsx';

interface ShareFolderProps {
  agent: Agent;
  place: FolderPlace;
  name: string;
  libraries: readonly Library[];
  onClose(): void;
}

/** Which library a folder goes to: one that there is, or a new one. */
export function ShareFolder({ agent, place, name, libraries, onClose }: ShareFolderProps) {
  const queries = useQueryClient();
  const [library, setLibrary] = useState(name);
  const share = useMutation({
    mutationFn: () =>
      api.request(AddedRoot, `/agents/${agent.id}/roots`, { method: 'POST', body: { place, library: library.trim() } }),
    onSuccess: async () => {
      await Promise.all(['folders', 'libraries'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
      onClose();
    },
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    share.mutate();
  };
  return (
    <Dialog title={`Share “${name}”`} onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-6">
        <Field
          label="In which library?"
          value={library}
          required
          maxLength={200}
          testId="library-name"
          onChange={(event) => setLibrary(event.target.value)}
          hint={
            libraries.some((one) => one.name === library.trim())
              ? 'It joins what is in there already, of whatever machine.'
              : 'A new library is made.'
          }
          error={share.isError ? messageOf(share.error) : null}
        />
        {libraries.length > 0 && (
          <div className="mt-4 flex flex-wrap gap-2">
            {libraries.map((one) => (
              <button
                key={one.id}
                type="button"
                aria-pressed={one.name === library}
                onClick={() => setLibrary(one.name)}
                className="min-h-9 max-w-full truncate rounded-full bg-cream/8 px-4 text-sm text-sand transition-colors hover:bg-cream/14 hover:text-cream aria-pressed:bg-amber/15 aria-pressed:text-amber"
              >
                {one.name}
              </button>
            ))}
          </div>
        )}
        <FormActions submit="Share it" busy={share.isPending} onCancel={onClose} testId="share-confirm" />
      </form>
    </Dialog>
  );
}
