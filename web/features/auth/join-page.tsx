import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { SignedIn } from '../../../shared/api/auth.ts';
import { InvitationOffer } from '../../../shared/api/users.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { api } from '../../app/api.ts';
import { Field } from '../../ui/field.tsx';
import { AuthFrame } from './auth-frame.tsx';
import { useCodeOfLink } from './code-entry.ts';
import { CodeField } from './code-field.tsx';
import { deviceName } from './device-name.ts';
import { useEnter } from './enter.ts';
import { NewPasswordFields } from './new-password-fields.tsx';
import { passwordProblem } from './setup-form.ts';

/** The door for who was invited. */
export function JoinPage() {
  const code = useCodeOfLink();
  const enter = useEnter();
  const [problem, setProblem] = useState<ReturnType<typeof passwordProblem>>(null);
  const offer = useQuery({
    queryKey: ['invitation', code],
    queryFn: ({ signal }) =>
      api.request(InvitationOffer, '/auth/invitation', { method: 'POST', body: { code }, signal }),
    enabled: code !== '',
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const over = offer.error instanceof HearthcastError && offer.error.code === 'code-invalid';
  const join = useMutation({
    mutationFn: (body: { code: string; username: string; password: string }) =>
      api.request(SignedIn, '/auth/join', {
        method: 'POST',
        body: { ...body, device: deviceName(navigator.userAgent), delivery: 'cookie' },
      }),
    onSuccess: (signedIn) => enter(signedIn, '/'),
  });
  const onSubmit = (form: FormData) => {
    const password = String(form.get('password'));
    const found = passwordProblem(password, String(form.get('confirmation')));
    setProblem(found);
    if (found !== null) return;
    join.mutate({ code: String(form.get('code')).trim(), username: String(form.get('username')).trim(), password });
  };
  return (
    <AuthFrame
      title={offer.data ? `Welcome to ${offer.data.server}` : over ? 'This invitation is over' : 'You are invited'}
      intro={
        over
          ? 'Ask whoever invited you for another, or type its code here.'
          : 'Choose a name and a password, and you are in.'
      }
      submit="Come in"
      submitTestId="join-submit"
      busy={join.isPending}
      error={join.error ?? offer.error}
      onSubmit={onSubmit}
    >
      <title>Join · Hearthcast</title>
      <CodeField
        label="Invitation code"
        hint="It is in the message that invited you."
        code={code}
        autoFocus={code === ''}
        testId="join-code"
      />
      <Field
        label="Your name"
        name="username"
        required
        maxLength={64}
        autoComplete="username"
        autoFocus={code !== ''}
        testId="join-username"
      />
      <NewPasswordFields
        label="Password"
        problem={problem}
        testId="join-password"
        confirmationTestId="join-confirmation"
      />
    </AuthFrame>
  );
}
