import { Link, useRouter } from '@tanstack/react-router';
import { buttonClass } from './button.tsx';
import { EmptyState, ErrorState } from './states.tsx';

export function NotFound() {
  return (
    <div className="grid min-h-[70vh] place-items-center">
      <title>Not found · Hearthcast</title>
      <EmptyState
        icon="search"
        title="There is nothing here"
        action={
          <Link to="/" className={buttonClass('primary')}>
            Back to home
          </Link>
        }
      >
        The page was moved, or the title left the library.
      </EmptyState>
    </div>
  );
}

export function RouteFailure({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <div className="grid min-h-[70vh] place-items-center">
      <ErrorState error={error} onRetry={() => router.invalidate()} />
    </div>
  );
}
