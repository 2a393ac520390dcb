import { QueryClient } from '@tanstack/react-query';
import { canRetry } from './problem-answer.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) => count < 2 && canRetry(error),
      refetchOnWindowFocus: true,
    },
  },
});
