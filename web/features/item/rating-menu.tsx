import { buttonClass } from '../../ui/button.tsx';
import { ChoiceList } from '../../ui/choice-list.tsx';
import { Popover } from '../../ui/popover.tsx';

const STEPS = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1] as const;

/** A person's own rating, in ten steps. */
export function RatingMenu({ rating, onRate }: { rating: number | null; onRate(rating: number | null): void }) {
  return (
    <Popover
      label={rating === null ? 'Rate it' : `Your rating: ${rating} of 10`}
      testId="rating"
      trigger={<span className={rating === null ? '' : 'text-amber'}>{rating === null ? '★' : `★ ${rating}`}</span>}
      triggerClass={`${buttonClass('secondary', 'lg')} min-w-13 px-3 sm:px-4`}
      panelClass="left-0 mt-2 w-44 max-h-[60dvh] overflow-y-auto max-sm:right-0 max-sm:left-auto"
    >
      {(close) => (
        <ChoiceList
          title="Your rating"
          choices={[
            { value: null, label: 'None' },
            ...STEPS.map((step) => ({ value: step as number | null, label: `★ ${step}` })),
          ]}
          selected={rating}
          onChoose={(value) => {
            close();
            onRate(value);
          }}
        />
      )}
    </Popover>
  );
}
