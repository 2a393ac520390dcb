import { type ComponentProps, useId, useState } from 'react';
import { IconButton } from './button.tsx';

const INPUT =
  'h-12 w-full rounded-xl border border-cream/12 bg-coal/60 px-4 text-[1rem] text-cream placeholder:text-smoke ' +
  'transition-colors hover:border-cream/20 focus:border-amber/70 focus:outline-none focus-visible:outline-none ' +
  'focus:ring-3 focus:ring-amber/20 aria-invalid:border-bad/70';

interface FieldProps extends ComponentProps<'input'> {
  label: string;
  hint?: string | undefined;
  error?: string | null | undefined;
  testId?: string;
}

export function Field({ label, hint, error, testId, className = '', ...rest }: FieldProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium text-sand">
        {label}
      </label>
      <input
        id={id}
        data-testid={testId}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? `${id}-hint` : undefined}
        {...rest}
        className={`${INPUT} ${className}`}
      />
      {(error || hint) && (
        <p id={`${id}-hint`} className={`mt-1.5 text-sm ${error ? 'text-bad' : 'text-smoke'}`}>
          {error || hint}
        </p>
      )}
    </div>
  );
}

/** A password that can be looked at. */
export function PasswordField(props: FieldProps) {
  const [visible, setVisible] = useState(false);
  return (
    <div className="relative">
      <Field {...props} type={visible ? 'text' : 'password'} className="pr-13" />
      <IconButton
        icon={visible ? 'eye-off' : 'eye'}
        label={visible ? 'Hide the password' : 'Show the password'}
        aria-pressed={visible}
        className="absolute top-7 right-0.5"
        onClick={() => setVisible(!visible)}
      />
    </div>
  );
}
