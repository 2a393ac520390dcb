import { useMutation } from '@tanstack/react-query';
import { type Person, ResetCode } from '../../../shared/api/users.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { Button } from '../../ui/button.tsx';
import { toast } from '../../ui/toasts.tsx';
import { CodePanel } from './code-panel.tsx';

/** A one-time link by which somebody who forgot their password sets a new one. */
export function ResetPassword({ person }: { person: Person }) {
  const reset = useMutation({
    mutationFn: () => api.request(ResetCode, `/users/${person.id}/reset`, { method: 'POST' }),
    onError: (error) => toast(messageOf(error), 'error'),
  });
  if (reset.data)
    return (
      <CodePanel
        label={`New password for ${person.name}`}
        text={`${location.origin}/reset#code=${reset.data.code}`}
        code={reset.data.code}
        expiresAt={reset.data.expiresAt}
        testId="reset-link"
      />
    );
  return (
    <Button size="sm" busy={reset.isPending} onClick={() => reset.mutate()}>
      Make a link for a new password
    </Button>
  );
}
