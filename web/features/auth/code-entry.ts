import { useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { codeFromHash } from './setup-form.ts';

/** The code that the opened link carries. It is a secret: it leaves the address bar and the history at once. */
export function useCodeOfLink(): string {
  const hash = useRouterState({ select: (state) => state.location.hash });
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [ownPath] = useState(path);
  const [code, setCode] = useState(() => codeFromHash(hash));
  useEffect(() => {
    // While another page with a code opens, this one is still here, and must not take its code away.
    if (hash === '' || path !== ownPath) return;
    // A link that is opened on this very page changes the hash alone.
    if (codeFromHash(hash) !== '') setCode(codeFromHash(hash));
    history.replaceState(history.state, '', location.pathname);
  }, [hash, path, ownPath]);
  return code;
}
