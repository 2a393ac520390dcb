import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ItemCard, ItemDetail, UserData } from '../../../shared/api/items.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { itemQuery } from '../../app/queries.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { toast } from '../../ui/toasts.tsx';
import { RatingMenu } from './rating-menu.tsx';

type Mark =
  | { mark: 'played'; value: boolean }
  | { mark: 'favorite'; value: boolean }
  | { mark: 'rating'; value: number | null };

function marked(user: UserData, { mark, value }: Mark): UserData {
  if (mark === 'rating') return { ...user, rating: value };
  return mark === 'favorite' ? { ...user, favorite: value } : { ...user, played: value, positionMs: 0 };
}

/** Says what a person thinks of an item; shown at once, taken back when the server refuses. */
function useMark(item: Pick<ItemCard, 'id'>) {
  const queries = useQueryClient();
  const { queryKey } = itemQuery(item.id);
  return useMutation({
    mutationFn: (change: Mark) =>
      api.command(`/items/${item.id}/${change.mark}`, { method: 'PUT', body: { [change.mark]: change.value } }),
    onMutate: async (change) => {
      await queries.cancelQueries({ queryKey });
      const before = queries.getQueryData<ItemDetail>(queryKey);
      if (before) queries.setQueryData(queryKey, { ...before, user: marked(before.user, change) });
      return { before };
    },
    onError: (error, _change, context) => {
      if (context?.before) queries.setQueryData(queryKey, context.before);
      toast(messageOf(error), 'error');
    },
    onSettled: () => {
      for (const key of [['item'], ['children'], ['items'], ['home'], ['search']])
        queries.invalidateQueries({ queryKey: key });
    },
  });
}

const TOGGLE = `${buttonClass('secondary', 'lg')} aria-pressed:text-amber max-sm:min-w-0 max-sm:flex-1 max-sm:px-2`;

/** Watched and favourite, as two buttons that stay down. */
export function UserActions({ item }: { item: ItemDetail }) {
  const { mutate } = useMark(item);
  const { played, favorite } = item.user;
  return (
    <>
      <button
        type="button"
        aria-pressed={played}
        aria-label={played ? 'Watched: take the mark away' : 'Mark as watched'}
        title={played ? 'Watched' : 'Mark as watched'}
        data-testid="played"
        className={TOGGLE}
        onClick={() => mutate({ mark: 'played', value: !played })}
      >
        <Icon name="check" />
        <span className="max-sm:hidden">{played ? 'Watched' : 'Mark watched'}</span>
      </button>
      <button
        type="button"
        aria-pressed={favorite}
        aria-label={favorite ? 'Favourite: take it out' : 'Make it a favourite'}
        title={favorite ? 'Favourite' : 'Make it a favourite'}
        data-testid="favorite"
        className={`${buttonClass('secondary', 'lg')} w-13 shrink-0 px-0 aria-pressed:text-amber`}
        onClick={() => mutate({ mark: 'favorite', value: !favorite })}
      >
        <Icon name="heart" filled={favorite} />
      </button>
      <RatingMenu rating={item.user.rating ?? null} onRate={(value) => mutate({ mark: 'rating', value })} />
    </>
  );
}
