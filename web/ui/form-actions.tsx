import type { ReactNode } from 'react';
import { messageOf } from '../app/problem-answer.ts';
import { Button } from './button.tsx';

interface FormActionsProps {
  /** What sending the form does, in a word or two. */
  submit: string;
  busy: boolean;
  disabled?: boolean;
  /** Why sending it failed, where no field of the form says so. */
  error?: unknown;
  onCancel(): void;
  testId?: string;
  /** What else can be done, apart from the two. */
  children?: ReactNode;
}

/** The end of a form in a dialog: what went wrong, the way out, and the way on. */
export function FormActions({ submit, busy, disabled, error, onCancel, testId, children }: FormActionsProps) {
  return (
    <>
      {error != null && (
        <p role="alert" className="text-sm text-bad">
          {messageOf(error)}
        </p>
      )}
      <div className="flex flex-wrap items-center justify-end gap-3">
        {children && <div className="mr-auto">{children}</div>}
        <span className="flex gap-3">
          <Button variant="ghost" onClick={onCancel}>
            Cancel
          </Button>
          <Button variant="primary" type="submit" busy={busy} disabled={disabled} data-testid={testId}>
            {submit}
          </Button>
        </span>
      </div>
    </>
  );
}
