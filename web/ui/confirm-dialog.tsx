import type { ReactNode } from 'react';
import { messageOf } from '../app/problem-answer.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import type { IconName } from './icons.tsx';

interface ConfirmDialogProps {
  title: string;
  /** What pressing it does, in one word. */
  verb: string;
  icon?: IconName;
  /** What is done, as a mutation without an argument. */
  action: { isPending: boolean; error: Error | null; mutate(): void };
  onClose(): void;
  testId: string;
  /** What goes and what stays. */
  children: ReactNode;
}

/** Asked before something goes for good. */
export function ConfirmDialog({ title, verb, icon, action, onClose, testId, children }: ConfirmDialogProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      {action.error && (
        <p role="alert" className="mt-4 text-bad">
          {messageOf(action.error)}
        </p>
      )}
      <div className="mt-6 flex justify-end gap-3">
        <Button variant="ghost" onClick={onClose}>
          Keep it
        </Button>
        <Button
          variant="danger"
          icon={icon}
          busy={action.isPending}
          data-testid={testId}
          onClick={() => action.mutate()}
        >
          {verb}
        </Button>
      </div>
    </Dialog>
  );
}
