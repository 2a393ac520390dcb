import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Backup } from '../../../shared/api/backups.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { Button, buttonClass, IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { bytes, count } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { backupsQuery } from './queries.ts';

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** The backups that are kept: make one, take one away, delete one. For owners. */
export function BackupPanel() {
  const queries = useQueryClient();
  const backups = useQuery(backupsQuery);
  const [deleting, setDeleting] = useState<Backup | null>(null);
  const renew = () => queries.invalidateQueries({ queryKey: backupsQuery.queryKey });
  const make = useMutation({
    mutationFn: () => api.request(Backup, '/backups', { method: 'POST' }),
    onSettled: renew,
    onSuccess: ({ records }) => toast(`The backup is made: ${count(records ?? 0, 'record')}.`),
    onError: (error) => toast(messageOf(error), 'error'),
  });
  const items = backups.data?.items;
  return (
    <section>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-xl font-semibold">Backups</h2>
        <span className="flex gap-2">
          <a className={buttonClass('ghost', 'sm')} href="/api/v1/backups/now" download>
            Download one now
          </a>
          <Button size="sm" icon="plus" busy={make.isPending} onClick={() => make.mutate()} data-testid="make-backup">
            Make one
          </Button>
        </span>
      </div>
      {backups.isPending && <Skeleton className="h-32 rounded-2xl" />}
      {backups.isError && items === undefined && <ErrorState error={backups.error} onRetry={() => backups.refetch()} />}
      {items?.length === 0 && (
        <p className="panel p-5 text-sand">
          There is none yet. The first is made within a quarter of an hour, or as soon as you ask for one.
        </p>
      )}
      {items && items.length > 0 && (
        <ul className="panel divide-y divide-cream/8" data-testid="backups">
          {items.map((backup) => (
            <BackupLine key={backup.id} backup={backup} onDelete={() => setDeleting(backup)} />
          ))}
        </ul>
      )}
      <p className="mt-3 text-sm text-pretty text-smoke">
        A backup holds everybody’s password as a hash: keep it where you keep secrets. Keep one outside of this server
        as well. It is brought back into a new server from the page where that one is set up.
      </p>
      {deleting && (
        <DeleteBackup
          backup={deleting}
          onClose={() => {
            setDeleting(null);
            renew();
          }}
        />
      )}
    </section>
  );
}

function BackupLine({ backup, onDelete }: { backup: Backup; onDelete(): void }) {
  const { id, at, state, bytes: size, records, madeBy, error } = backup;
  return (
    <li className="flex items-center gap-3 py-2.5 pr-2 pl-4 sm:pl-5">
      <div className="min-w-0 flex-1">
        <p className="font-medium tabular-nums">
          <time dateTime={new Date(at).toISOString()}>{TIME.format(at)}</time>
        </p>
        {state === 'done' ? (
          <p className="text-sm text-smoke">
            {bytes(size ?? 0)} · {count(records ?? 0, 'record')} · {madeBy === 'schedule' ? 'by itself' : 'asked for'}
          </p>
        ) : (
          <p className={`text-sm ${state === 'failed' ? 'text-bad' : 'text-amber'}`}>
            {state === 'failed' ? `It failed: ${error}` : 'Being made'}
          </p>
        )}
      </div>
      {state === 'done' && (
        <a
          className={buttonClass('secondary', 'sm')}
          href={`/api/v1/backups/${id}/file`}
          download
          aria-label="Download"
        >
          <Icon name="download" className="size-4" />
          <span className="hidden sm:inline">Download</span>
        </a>
      )}
      <IconButton icon="trash" label="Delete this backup" disabled={state === 'running'} onClick={onDelete} />
    </li>
  );
}

function DeleteBackup({ backup, onClose }: { backup: Backup; onClose(): void }) {
  const remove = useMutation({
    mutationFn: () => api.command(`/backups/${backup.id}`, { method: 'DELETE' }),
    onSuccess: onClose,
  });
  return (
    <ConfirmDialog
      title="Delete this backup?"
      verb="Delete"
      action={remove}
      onClose={onClose}
      testId="delete-backup-confirm"
    >
      <p className="text-sand">The backup of {TIME.format(backup.at)} cannot be brought back after this.</p>
    </ConfirmDialog>
  );
}
