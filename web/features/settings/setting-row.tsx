import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { Button } from '../../ui/button.tsx';

const CONTROL =
  'h-11 w-full rounded-xl border border-cream/12 bg-coal/60 px-3 text-[0.95rem] text-cream disabled:opacity-60 sm:w-64';

interface RowProps {
  label: string;
  /** What it does, in a sentence. */
  meaning: string;
}

/** One setting: what it is called, what it does, and the control that changes it; `tall` ones stand below their words. */
function SettingRow({
  label,
  meaning,
  tall,
  children,
}: RowProps & { tall?: boolean; children(id: string): ReactNode }) {
  const id = useId();
  const beside = tall ? '' : 'sm:flex-row sm:items-center sm:justify-between sm:gap-8';
  return (
    <div className={`flex flex-col gap-3 px-4 py-4 sm:px-5 ${beside}`}>
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <p id={`${id}-meaning`} className="mt-0.5 text-sm text-pretty text-smoke">
          {meaning}
        </p>
      </div>
      {children(id)}
    </div>
  );
}

/** A setting that is one of some values; one that was set elsewhere, by the API, is shown as it is. */
export function ChoiceRow<T extends string | number | boolean | null>(
  props: RowProps & {
    value: T;
    options: readonly (readonly [value: T, words: string])[];
    /** What a value is called that is none of these. */
    spell?(value: T): string;
    busy: boolean;
    testId: string;
    onChange(value: T): void;
  },
) {
  const { value, options, spell = String, busy, testId, onChange } = props;
  const all = options.some(([option]) => option === value) ? options : [...options, [value, spell(value)] as const];
  return (
    <SettingRow {...props}>
      {(id) => (
        <select
          id={id}
          aria-describedby={`${id}-meaning`}
          className={CONTROL}
          value={all.findIndex(([option]) => option === value)}
          disabled={busy}
          onChange={(event) => onChange((all[Number(event.target.value)] as (typeof all)[number])[0])}
          data-testid={testId}
        >
          {all.map(([option, words], place) => (
            <option key={String(option)} value={place}>
              {words}
            </option>
          ))}
        </select>
      )}
    </SettingRow>
  );
}

/** A setting that is typed, and kept when its button is pressed. */
export function TextRow(
  props: RowProps & {
    value: string;
    maxLength: number;
    required?: boolean;
    /** Some lines. */
    tall?: boolean;
    placeholder?: string;
    busy: boolean;
    testId: string;
    onSave(value: string): void;
  },
) {
  const { value, maxLength, required = false, tall = false, placeholder, busy, testId, onSave } = props;
  const [typed, setTyped] = useState(value);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    onSave(typed.trim());
  };
  const same = typed.trim() === value;
  const Typed = tall ? 'textarea' : 'input';
  return (
    <SettingRow {...props}>
      {(id) => (
        <form onSubmit={onSubmit} className={`flex w-full items-end gap-2 ${tall ? '' : 'sm:w-auto'}`}>
          <Typed
            id={id}
            aria-describedby={`${id}-meaning`}
            value={typed}
            required={required}
            maxLength={maxLength}
            placeholder={placeholder}
            onChange={(event) => setTyped(event.target.value)}
            className={`${CONTROL} min-w-0 flex-1 ${tall ? 'field-sizing-content h-auto! min-h-11 py-2.5 sm:w-auto!' : ''}`}
            data-testid={testId}
          />
          <Button type="submit" busy={busy && !same} disabled={same || (required && typed.trim() === '')}>
            Save
          </Button>
        </form>
      )}
    </SettingRow>
  );
}
