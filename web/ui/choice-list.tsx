import { Icon } from './icons.tsx';

export interface Choice<T> {
  value: T;
  label: string;
  hint?: string;
}

interface ChoiceListProps<T> {
  title: string;
  choices: readonly Choice<T>[];
  selected: T;
  onChoose(value: T): void;
}

/** One of several, as a menu of radio items. */
export function ChoiceList<T extends string | number | null>(props: ChoiceListProps<T>) {
  return (
    <div role="menu" aria-label={props.title}>
      <p className="px-3 pt-2 pb-1.5 text-xs font-semibold tracking-wide text-smoke uppercase">{props.title}</p>
      {props.choices.map((choice) => (
        <button
          key={String(choice.value)}
          type="button"
          role="menuitemradio"
          aria-checked={choice.value === props.selected}
          onClick={() => props.onChoose(choice.value)}
          className="flex w-full items-center gap-3 rounded-xl px-3 py-2.5 text-left text-[0.95rem] text-sand transition-colors hover:bg-cream/8 hover:text-cream aria-checked:text-cream"
        >
          <Icon
            name="check"
            className={`size-4 text-amber ${choice.value === props.selected ? 'opacity-100' : 'opacity-0'}`}
          />
          <span className="flex-1">{choice.label}</span>
          {choice.hint && <span className="text-xs text-smoke">{choice.hint}</span>}
        </button>
      ))}
    </div>
  );
}
