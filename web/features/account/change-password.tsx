import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { Button } from '../../ui/button.tsx';
import { PasswordField } from '../../ui/field.tsx';
import { toast } from '../../ui/toasts.tsx';
import { NewPasswordFields } from '../auth/new-password-fields.tsx';
import { passwordProblem } from '../auth/setup-form.ts';

export function ChangePassword() {
  const form = useRef<HTMLFormElement>(null);
  const [problem, setProblem] = useState<ReturnType<typeof passwordProblem>>(null);
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (body: { current: string; password: string }) =>
      api.command('/users/me/password', { method: 'PUT', body }),
    onSuccess: async () => {
      form.current?.reset();
      toast('The password is changed. Your other devices are signed out.');
      await queries.invalidateQueries({ queryKey: ['devices'] });
    },
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const password = String(data.get('password'));
    const found = passwordProblem(password, String(data.get('confirmation')));
    setProblem(found);
    if (found === null) change.mutate({ current: String(data.get('current')), password });
  };
  return (
    <form ref={form} onSubmit={onSubmit} className="flex flex-col gap-4">
      <PasswordField
        label="Current password"
        name="current"
        required
        maxLength={256}
        autoComplete="current-password"
        testId="current-password"
      />
      <NewPasswordFields
        label="New password"
        problem={problem}
        testId="new-password"
        confirmationTestId="new-password-again"
      />
      {change.isError && (
        <p role="alert" className="text-sm text-bad">
          {messageOf(change.error)}
        </p>
      )}
      <div>
        <Button type="submit" busy={change.isPending}>
          Change the password
        </Button>
      </div>
    </form>
  );
}
