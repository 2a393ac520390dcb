import type { ReactNode } from 'react';
import { HearthcastError } from '../../shared/errors.ts';
import { canRetry, messageOf } from '../app/problem-answer.ts';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icons.tsx';

/** Nothing is here, why, and what to do about it. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-md animate-rise flex-col items-center px-4 py-16 text-center">
      <span className="mb-5 grid size-16 place-items-center rounded-2xl bg-ash-800 text-amber">
        <Icon name={icon} className="size-7" />
      </span>
      <h2 className="text-xl font-semibold">{title}</h2>
      {children && <div className="mt-2 text-pretty text-sand">{children}</div>}
      {action && <div className="mt-6 flex flex-wrap justify-center gap-3">{action}</div>}
    </div>
  );
}

interface EmptyStateProps {
  icon: IconName;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

/** Something failed, in the server's own words, and the way to try again where that can help. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const title = error instanceof HearthcastError ? error.toProblem().title : 'Something went wrong';
  const message = messageOf(error);
  return (
    <div role="alert" className="mx-auto flex max-w-md animate-rise flex-col items-center px-4 py-16 text-center">
      <span className="mb-5 grid size-16 place-items-center rounded-2xl bg-bad/12 text-bad">
        <Icon name="warning" className="size-7" />
      </span>
      <h2 className="text-xl font-semibold">{title}</h2>
      {message !== title && <p className="mt-2 text-pretty text-sand">{message}</p>}
      {onRetry && canRetry(error) && (
        <Button className="mt-6" icon="refresh" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** A block that shimmers in the place of what is being loaded. */
export function Skeleton({ className }: { className: string }) {
  return (
    <div className={`skeleton ${className.includes('rounded') ? '' : 'rounded-lg'} ${className}`} aria-hidden="true" />
  );
}
