import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { PairingDevice } from '../../../shared/api/pairing.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Icon } from '../../ui/icons.tsx';

/** Lets a television in that shows a code. The device is named first: a code may have been sent by a stranger. */
export function PairPage() {
  const [code, setCode] = useState('');
  const find = useMutation({
    mutationFn: (userCode: string) =>
      api.request(PairingDevice, '/auth/device/show', { method: 'POST', body: { userCode } }),
  });
  const approve = useMutation({
    mutationFn: () => api.command('/auth/device/approve', { method: 'POST', body: { userCode: code } }),
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    find.mutate(code);
  };
  const again = () => {
    setCode('');
    find.reset();
    approve.reset();
  };
  return (
    <div className="gutter mx-auto max-w-lg pt-6 md:pt-10">
      <title>Let a television in · Hearthcast</title>
      <h1 className="text-3xl font-bold">Let a television in</h1>
      {approve.isSuccess ? (
        <div className="panel mt-6 flex items-center gap-4 p-6">
          <span className="grid size-12 shrink-0 place-items-center rounded-full bg-good/15 text-good">
            <Icon name="check" className="size-6" />
          </span>
          <p className="text-sand">
            <b className="font-semibold text-cream">{find.data?.device}</b> is in. It goes on by itself in a few
            seconds.
          </p>
        </div>
      ) : find.data ? (
        <div className="panel mt-6 p-6">
          <p className="text-pretty text-sand">
            <b className="font-semibold text-cream">{find.data.device}</b>
            {find.data.address !== 'local' && ` at ${find.data.address}`} wants to sign in as you. Go on only if it
            stands before you.
          </p>
          {approve.isError && (
            <p role="alert" className="mt-4 text-sm text-bad">
              {messageOf(approve.error)}
            </p>
          )}
          <div className="mt-6 flex gap-3">
            <Button variant="primary" busy={approve.isPending} onClick={() => approve.mutate()} data-testid="let-in">
              Let it in
            </Button>
            <Button variant="ghost" onClick={again}>
              No
            </Button>
          </div>
        </div>
      ) : (
        <form onSubmit={onSubmit} className="panel mt-6 flex flex-col gap-5 p-6">
          <Field
            label="Code on the screen"
            name="code"
            required
            maxLength={32}
            value={code}
            onChange={(event) => setCode(event.target.value)}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            autoFocus
            placeholder="ABCD-EFGH"
            className="font-mono tracking-widest"
            error={find.isError ? messageOf(find.error) : null}
            testId="pair-code"
          />
          <Button variant="primary" size="lg" type="submit" busy={find.isPending}>
            Find the device
          </Button>
        </form>
      )}
    </div>
  );
}
