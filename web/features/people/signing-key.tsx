import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { RotatedKey } from '../../../shared/api/signing-keys.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { toast } from '../../ui/toasts.tsx';

/** The key that signs everybody's tokens, for owners. */
export function SigningKey() {
  const [asked, setAsked] = useState(false);
  const rotate = useMutation({
    mutationFn: () => api.request(RotatedKey, '/signing-keys', { method: 'POST' }),
    onSuccess: ({ generation }) => {
      setAsked(false);
      toast(`Key ${generation} signs from now on. Nobody is signed out.`);
    },
  });
  return (
    <section className="panel mt-9 flex flex-wrap items-center gap-4 p-4 sm:px-5">
      {asked && (
        <Dialog title="Rotate the signing key?" onClose={() => setAsked(false)}>
          <p className="text-pretty text-sand">
            New sign-ins and renewals carry the new key at once. The old one is accepted until its last tokens have
            ended, 17 minutes from now. Nobody has to sign in again.
          </p>
          {rotate.isError && (
            <p role="alert" className="mt-4 text-sm text-bad">
              {messageOf(rotate.error)}
            </p>
          )}
          <div className="mt-6 flex justify-end gap-3">
            <Button variant="ghost" onClick={() => setAsked(false)}>
              Cancel
            </Button>
            <Button variant="primary" busy={rotate.isPending} onClick={() => rotate.mutate()} data-testid="rotate-key">
              Rotate the key
            </Button>
          </div>
        </Dialog>
      )}
      <div className="min-w-56 flex-1">
        <h2 className="font-semibold">Signing key</h2>
        <p className="text-sm text-pretty text-smoke">
          It proves who is signed in. Rotate it once a year, or in doubt.
        </p>
      </div>
      <Button size="sm" icon="refresh" onClick={() => setAsked(true)}>
        Rotate
      </Button>
    </section>
  );
}
