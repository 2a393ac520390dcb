import { type ReactNode, useId } from 'react';

export const SELECT = 'h-11 w-full rounded-xl border border-cream/12 bg-coal/60 px-3 text-[0.95rem] text-cream sm:w-56';

/** One setting: what it is called, what it does, and the control that changes it. */
export function SettingRow(props: { label: string; meaning: string; children(id: string): ReactNode }) {
  const id = useId();
  return (
    <div className="flex flex-col gap-3 px-4 py-4 sm:flex-row sm:items-center sm:justify-between sm:gap-8 sm:px-5">
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="font-medium">
          {props.label}
        </label>
        <p className="mt-0.5 text-sm text-pretty text-smoke">{props.meaning}</p>
      </div>
      {props.children(id)}
    </div>
  );
}
