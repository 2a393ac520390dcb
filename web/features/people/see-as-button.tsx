import { useMutation } from '@tanstack/react-query';
import { SeeAs } from '../../../shared/api/users.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { beginView } from '../../app/see-as.ts';
import { Button } from '../../ui/button.tsx';
import { toast } from '../../ui/toasts.tsx';

/** Looks at the catalog with somebody's restrictions. It is written into the log. */
export function SeeAsButton({ id, name }: { id: string; name: string }) {
  const see = useMutation({
    mutationFn: () => api.request(SeeAs, `/users/${id}/see-as`, { method: 'POST' }),
    onSuccess: beginView,
    onError: (error) => toast(messageOf(error), 'error'),
  });
  return (
    <Button size="sm" icon="eye" busy={see.isPending} onClick={() => see.mutate()} data-testid="see-as-button">
      See as {name}
    </Button>
  );
}
