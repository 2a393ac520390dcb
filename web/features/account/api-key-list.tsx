import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiKey } from '../../../shared/api/api-keys.ts';
import { api } from '../../app/api.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ago } from '../../ui/format.ts';
import { apiKeysQuery } from '../people/queries.ts';
import { until } from '../people/words.ts';
import { MakeApiKey } from './make-api-key.tsx';

export function ApiKeyList() {
  const keys = useQuery(apiKeysQuery).data?.items ?? [];
  const [making, setMaking] = useState(false);
  const queries = useQueryClient();
  const [ending, setEnding] = useState<ApiKey | null>(null);
  const end = useMutation({
    mutationFn: () => api.command(`/api-keys/${ending?.id}`, { method: 'DELETE' }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
      setEnding(null);
    },
  });
  return (
    <>
      {making && <MakeApiKey onClose={() => setMaking(false)} />}
      {ending !== null && (
        <ConfirmDialog
          title={`End “${ending.name}”?`}
          verb="End it"
          action={end}
          onClose={() => setEnding(null)}
          testId="end-key"
        >
          <p className="text-pretty text-sand">
            Whatever uses this key is refused from now on, and what plays by it stops. It cannot be brought back.
          </p>
        </ConfirmDialog>
      )}
      <ul className="mb-4 flex flex-col divide-y divide-cream/8 empty:hidden">
        {keys.map((key) => (
          <li key={key.id} className="flex items-center gap-4 py-3 first:pt-0">
            <div className="min-w-0 flex-1">
              <p className="font-medium wrap-anywhere">
                {key.name} <span className="font-mono text-sm font-normal text-smoke">{key.prefix}…</span>
              </p>
              <p className="text-sm text-smoke">{about(key)}</p>
            </div>
            <Button size="sm" variant="danger" aria-label={`End ${key.name}`} onClick={() => setEnding(key)}>
              End
            </Button>
          </li>
        ))}
      </ul>
      <Button icon="plus" onClick={() => setMaking(true)}>
        Make a key
      </Button>
    </>
  );
}

function about({ scopes, lastUsedAt, expiresAt }: ApiKey): string {
  const used = lastUsedAt === null ? 'never used' : `used ${ago(lastUsedAt, Date.now())}`;
  const ends = expiresAt === null ? '' : ` · ends ${until(expiresAt, Date.now())}`;
  return `${scopes.join(', ')} · ${used}${ends}`;
}
