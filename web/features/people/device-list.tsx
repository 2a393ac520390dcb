import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Device } from '../../../shared/api/users.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { Button } from '../../ui/button.tsx';
import { ago } from '../../ui/format.ts';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { devicesQuery } from './queries.ts';

/** Where a person is signed in. One's own (`me`) end one by one, another's all at once. */
export function DeviceList({ userId }: { userId: string }) {
  const devices = useQuery(devicesQuery(userId));
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: (path: string) => api.command(`/users/${userId}/sessions${path}`, { method: 'DELETE' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: devicesQuery(userId).queryKey }),
    onError: (error) => toast(messageOf(error), 'error'),
  });
  if (devices.isPending) return <Skeleton className="h-16 rounded-xl" />;
  if (devices.isError) return <ErrorState error={devices.error} onRetry={() => devices.refetch()} />;
  const list = devices.data.items;
  if (list.length === 0) return <p className="text-sm text-smoke">Signed in nowhere.</p>;
  return (
    <>
      <ul className="flex flex-col divide-y divide-cream/8">
        {list.map((device) => (
          <li key={device.id} className="flex items-center gap-4 py-3 first:pt-0 last:pb-0">
            <div className="min-w-0 flex-1">
              <p className="truncate font-medium">{device.device}</p>
              <p className="text-sm text-smoke">{whenAndWhere(device)}</p>
            </div>
            {device.current ? (
              <span className="shrink-0 rounded-full bg-good/12 px-3 py-1 text-sm font-medium text-good">This one</span>
            ) : (
              userId === 'me' && (
                <Button size="sm" disabled={end.isPending} onClick={() => end.mutate(`/${device.id}`)}>
                  Sign out
                </Button>
              )
            )}
          </li>
        ))}
      </ul>
      {userId !== 'me' && (
        <Button size="sm" className="mt-3" busy={end.isPending} onClick={() => end.mutate('')}>
          Sign out everywhere
        </Button>
      )}
    </>
  );
}

function whenAndWhere({ lastUsedAt, address }: Device): string {
  const place = address === null || address === 'local' ? '' : ` · ${address}`;
  return `Last used ${ago(lastUsedAt, Date.now())}${place}`;
}
