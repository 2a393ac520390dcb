import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { SignedIn } from '../../../shared/api/auth.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { api } from '../../app/api.ts';
import { serverQuery } from '../../app/queries.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { AuthFrame } from './auth-frame.tsx';
import { useCodeOfLink } from './code-entry.ts';
import { SetupCodeField } from './code-field.tsx';
import { useEnter } from './enter.ts';
import { NewPasswordFields } from './new-password-fields.tsx';
import { passwordProblem } from './setup-form.ts';

/** The first run: whoever holds the printed code becomes the owner. */
export function SetupPage() {
  const server = useQuery(serverQuery);
  const enter = useEnter();
  const code = useCodeOfLink();
  const [problem, setProblem] = useState<ReturnType<typeof passwordProblem>>(null);

  const setup = useMutation({
    mutationFn: (body: { setupCode: string; username: string; password: string }) =>
      api.request(SignedIn, '/auth/setup', { method: 'POST', body: { ...body, delivery: 'cookie' } }),
    onSuccess: (signedIn) => enter(signedIn, '/'),
  });

  const setupDone = setup.error instanceof HearthcastError && setup.error.code === 'setup-done';
  if (setupDone || server.data?.setupRequired === false)
    return (
      <main className="hearth-glow grid min-h-dvh place-items-center">
        <title>Set up · Hearthcast</title>
        <EmptyState
          icon="check"
          title="This server is set up already"
          action={
            <Link to="/sign-in" className={buttonClass('primary')}>
              Sign in
            </Link>
          }
        >
          Its owner can let you in.
        </EmptyState>
      </main>
    );

  const onSubmit = (form: FormData) => {
    const password = String(form.get('password'));
    const found = passwordProblem(password, String(form.get('confirmation')));
    setProblem(found);
    if (found !== null) return;
    setup.mutate({
      setupCode: String(form.get('code')).trim(),
      username: String(form.get('username')).trim(),
      password,
    });
  };

  return (
    <AuthFrame
      title="Welcome to your hearth"
      intro="Make the owner’s account. It takes a minute, and nobody else can do it without the code."
      submit="Light the fire"
      submitTestId="setup-submit"
      busy={setup.isPending}
      error={setup.error}
      onSubmit={onSubmit}
      otherwise={
        <Link to="/restore" hash={code === '' ? '' : `code=${code}`} className="rounded underline hover:text-cream">
          Bring back a backup of another server
        </Link>
      }
    >
      <title>Set up · Hearthcast</title>
      <SetupCodeField code={code} autoFocus={code === ''} testId="setup-code" />
      <Field
        label="Your name"
        name="username"
        required
        maxLength={64}
        autoComplete="username"
        autoFocus={code !== ''}
        testId="setup-username"
      />
      <NewPasswordFields
        label="Password"
        problem={problem}
        testId="setup-password"
        confirmationTestId="setup-confirmation"
      />
    </AuthFrame>
  );
}
