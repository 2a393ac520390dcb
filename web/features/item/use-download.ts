import { useMutation } from '@tanstack/react-query';
import type { ItemCopy, ItemDetail } from '../../../shared/api/items.ts';
import { DownloadAnswer } from '../../../shared/api/playback.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { toast } from '../../ui/toasts.tsx';
import { deviceName } from '../auth/device-name.ts';
import { sizeWords } from './media-words.ts';

/** Has the browser keep the file of a copy, under the title's name. */
export function useDownload(item: Pick<ItemDetail, 'id' | 'title'>) {
  return useMutation({
    mutationFn: ({ id }: ItemCopy) =>
      api.request(DownloadAnswer, `/items/${item.id}/download`, {
        method: 'POST',
        body: { copyId: id, device: deviceName(navigator.userAgent) },
      }),
    onSuccess: ({ url }, copy) => {
      // A link and not a navigation: a refusal is then a download that failed, and the page stays.
      const link = document.createElement('a');
      link.href = url;
      link.download = '';
      link.click();
      toast(`Your browser downloads “${item.title}”: ${sizeWords(copy)}.`);
    },
    onError: (error) => toast(messageOf(error), 'error'),
  });
}
