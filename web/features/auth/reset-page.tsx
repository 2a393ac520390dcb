import { useMutation } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../app/api.ts';
import { toast } from '../../ui/toasts.tsx';
import { AuthFrame } from './auth-frame.tsx';
import { useCodeOfLink } from './code-entry.ts';
import { CodeField } from './code-field.tsx';
import { NewPasswordFields } from './new-password-fields.tsx';
import { passwordProblem } from './setup-form.ts';

/** A new password for who forgot theirs and got a code. */
export function ResetPage() {
  const code = useCodeOfLink();
  const router = useRouter();
  const [problem, setProblem] = useState<ReturnType<typeof passwordProblem>>(null);
  const reset = useMutation({
    mutationFn: (body: { code: string; password: string }) => api.command('/auth/reset', { method: 'POST', body }),
    onSuccess: async () => {
      await router.navigate({ to: '/sign-in', replace: true });
      toast('The new password is set. Sign in with it.');
    },
  });
  const onSubmit = (form: FormData) => {
    const password = String(form.get('password'));
    const found = passwordProblem(password, String(form.get('confirmation')));
    setProblem(found);
    if (found === null) reset.mutate({ code: String(form.get('code')).trim(), password });
  };
  return (
    <AuthFrame
      title="A new password"
      intro="All your devices are signed out when it is set."
      submit="Set the password"
      submitTestId="reset-submit"
      busy={reset.isPending}
      error={reset.error}
      onSubmit={onSubmit}
    >
      <title>New password · Hearthcast</title>
      <CodeField
        label="Reset code"
        hint="The owner of the server makes it for you."
        code={code}
        autoFocus={code === ''}
        testId="reset-code"
      />
      <NewPasswordFields
        label="New password"
        problem={problem}
        testId="reset-password"
        confirmationTestId="reset-confirmation"
        autoFocus={code !== ''}
      />
    </AuthFrame>
  );
}
