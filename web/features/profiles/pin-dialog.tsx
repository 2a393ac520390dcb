import { type FormEvent, useState } from 'react';
import type { OpenProfile, Profile } from '../../../shared/api/profiles.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, PasswordField } from '../../ui/field.tsx';

type Proof = Pick<OpenProfile, 'pin' | 'password'>;

/** Asks for the PIN of a profile, or for the account's password, which opens each. */
export function PinDialog(props: {
  profile: Profile;
  busy: boolean;
  error: unknown;
  onProof(proof: Proof): void;
  onClose(): void;
}) {
  const { profile, error } = props;
  const [byPassword, setByPassword] = useState(!profile.pin);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    props.onProof(byPassword ? { password: String(form.get('password')) } : { pin: String(form.get('pin')) });
  };
  const problem = error == null ? null : messageOf(error);
  return (
    <Dialog title={profile.name} onClose={props.onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-5 text-left">
        {byPassword ? (
          <PasswordField
            key="password"
            label="Password of the account"
            name="password"
            required
            maxLength={256}
            autoComplete="current-password"
            error={problem}
            hint={profile.pin ? undefined : 'This profile has no PIN.'}
            testId="profile-password"
          />
        ) : (
          <Field
            key="pin"
            label="PIN"
            name="pin"
            type="password"
            inputMode="numeric"
            pattern="\d{4,8}"
            required
            maxLength={8}
            autoComplete="off"
            error={problem}
            className="text-center font-mono text-2xl tracking-[0.5em]"
            testId="profile-pin"
          />
        )}
        <div className="flex flex-wrap items-center justify-between gap-3">
          {profile.pin ? (
            <Button variant="ghost" size="sm" className="-ml-3" onClick={() => setByPassword(!byPassword)}>
              {byPassword ? 'Use the PIN' : 'Use the password'}
            </Button>
          ) : (
            <span />
          )}
          <Button variant="primary" type="submit" busy={props.busy} data-testid="open-profile">
            Go on
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
