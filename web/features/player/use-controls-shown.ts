import { useCallback, useEffect, useRef, useState } from 'react';

const HIDE_AFTER_MS = 3000;

/** Whether the controls are there: while something moves, and always while `pinned` (paused, a menu is open). */
export function useControlsShown(pinned: boolean) {
  const [awake, setAwake] = useState(true);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const wake = useCallback(() => {
    setAwake(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAwake(false), HIDE_AFTER_MS);
  }, []);
  const sleep = useCallback(() => {
    clearTimeout(timer.current);
    setAwake(false);
  }, []);
  useEffect(() => {
    wake();
    return () => clearTimeout(timer.current);
  }, [wake]);
  return { shown: awake || pinned, wake, sleep };
}
