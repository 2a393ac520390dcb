import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { ScanStarted } from '../../../shared/api/libraries.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { count } from '../../ui/format.ts';
import { toast } from '../../ui/toasts.tsx';

/** What to say after a scan was asked for. */
function scanAnswerWords({ started, offline }: z.infer<typeof ScanStarted>): string {
  if (started === 0 && offline === 0) return 'No machine has a folder in this library yet.';
  const waits = `${count(offline, 'machine')} offline: it begins there when ${offline === 1 ? 'it is' : 'they are'} back.`;
  if (started === 0) return waits;
  const began = started === 1 ? 'The scan has begun.' : `The scan has begun on ${count(started, 'machine')}.`;
  return offline === 0 ? began : `${began} ${waits}`;
}

export function useScan(libraryId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (full: boolean) =>
      api.request(ScanStarted, `/libraries/${libraryId}/scan`, { method: 'POST', body: { full } }),
    onSuccess: (answer) => {
      toast(scanAnswerWords(answer), answer.started === 0 ? 'warning' : 'info');
      for (const queryKey of [['libraries'], ['scan-runs']]) queries.invalidateQueries({ queryKey });
    },
    onError: (error) => toast(messageOf(error), 'error'),
  });
}
