import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, Navigate, useSearch } from '@tanstack/react-router';
import { SignedIn } from '../../../shared/api/auth.ts';
import { api } from '../../app/api.ts';
import { serverQuery } from '../../app/queries.ts';
import { Field, PasswordField } from '../../ui/field.tsx';
import { AuthFrame } from './auth-frame.tsx';
import { deviceName } from './device-name.ts';
import { useEnter } from './enter.ts';

const LINK = 'rounded text-sand underline-offset-4 hover:text-cream hover:underline';

export function SignInPage() {
  const server = useQuery(serverQuery);
  const { next } = useSearch({ from: '/sign-in' });
  const enter = useEnter();
  const login = useMutation({
    mutationFn: (body: { username: string; password: string }) =>
      api.request(SignedIn, '/auth/login', {
        method: 'POST',
        body: { ...body, device: deviceName(navigator.userAgent), delivery: 'cookie' },
      }),
    onSuccess: (signedIn) => enter(signedIn, next ?? '/'),
  });

  if (server.data?.setupRequired) return <Navigate to="/setup" replace />;

  return (
    <AuthFrame
      title="Welcome back"
      intro={server.data ? `Sign in to ${server.data.name}.` : 'Sign in to your hearth.'}
      submit="Sign in"
      submitTestId="login-submit"
      busy={login.isPending}
      error={login.error}
      onSubmit={(form) =>
        login.mutate({ username: String(form.get('username')).trim(), password: String(form.get('password')) })
      }
    >
      <title>Sign in · Hearthcast</title>
      {server.data && server.data.doorMessage !== '' && (
        <p className="rounded-xl bg-cream/6 px-3.5 py-3 text-sm text-pretty break-words whitespace-pre-line text-sand">
          {server.data.doorMessage}
        </p>
      )}
      <Field
        label="Name"
        name="username"
        required
        maxLength={64}
        autoComplete="username"
        autoCapitalize="none"
        autoFocus
        testId="login-username"
      />
      <PasswordField
        label="Password"
        name="password"
        required
        maxLength={256}
        autoComplete="current-password"
        testId="login-password"
      />
      <p className="-mt-1 flex flex-wrap gap-x-5 gap-y-1 text-sm">
        <Link to="/join" className={LINK}>
          I was invited
        </Link>
        <Link to="/reset" className={LINK}>
          I have a reset code
        </Link>
      </p>
    </AuthFrame>
  );
}
