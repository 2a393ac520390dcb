import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { Restored } from '../../../shared/api/backups.ts';
import { problemOf, Unreachable } from '../../app/problem-answer.ts';
import { serverQuery } from '../../app/queries.ts';
import { Field } from '../../ui/field.tsx';
import { bytes, count } from '../../ui/format.ts';
import { toast } from '../../ui/toasts.tsx';
import { AuthFrame } from './auth-frame.tsx';
import { useCodeOfLink } from './code-entry.ts';
import { SetupCodeField } from './code-field.tsx';

/** The file goes as it is: no JSON, and no sign-in, since there is nobody yet. */
async function restore({ code, file }: { code: string; file: File }): Promise<Restored> {
  const answer = await fetch('/api/v1/restore', {
    method: 'POST',
    headers: { 'x-setup-code': code, 'content-type': 'application/gzip' },
    body: file,
  }).catch((error: unknown) => {
    throw new Unreachable(error);
  });
  if (!answer.ok) throw await problemOf(answer);
  return Restored.parse(await answer.json());
}

/** A new server takes over what people made on another one. */
export function RestorePage() {
  const code = useCodeOfLink();
  const router = useRouter();
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const bring = useMutation({
    mutationFn: restore,
    onSuccess: async ({ records }) => {
      await queries.invalidateQueries({ queryKey: serverQuery.queryKey });
      await router.navigate({ to: '/sign-in', replace: true });
      toast(`${count(records.user ?? 0, 'person is', 'people are')} back. Sign in as on the old server.`);
    },
  });
  return (
    <AuthFrame
      title="Bring back a backup"
      intro="Everybody gets their account, their password and what they watched. Titles appear as machines report them."
      submit={bring.isPending ? 'Bringing it back' : 'Bring it back'}
      submitTestId="restore-submit"
      busy={bring.isPending}
      error={bring.error}
      onSubmit={(form) => file && bring.mutate({ code: String(form.get('code')).trim(), file })}
      otherwise={
        <Link to="/setup" hash={code === '' ? '' : `code=${code}`} className="rounded underline hover:text-cream">
          Begin with an empty server instead
        </Link>
      }
    >
      <title>Bring back a backup · Hearthcast</title>
      <SetupCodeField code={code} testId="restore-code" />
      <Field
        label="Backup"
        hint={file === null ? 'A file that ends in .ndjson.gz' : bytes(file.size)}
        name="file"
        type="file"
        accept=".gz,application/gzip"
        required
        onChange={(event) => setFile(event.target.files?.[0] ?? null)}
        className="py-2.5 text-sm file:mr-3 file:rounded-full file:border-0 file:bg-cream/10 file:px-3 file:py-1 file:text-cream"
        testId="restore-file"
      />
    </AuthFrame>
  );
}
