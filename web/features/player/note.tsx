import { useEffect, useState } from 'react';

const SHOWN_MS = 9000;

/** A word on what has happened to the film, which goes by itself. */
export function Note({ words }: { words: string }) {
  const [shown, setShown] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setShown(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <p
      role="status"
      data-testid="player-note"
      className="pointer-events-none absolute inset-x-4 top-20 z-20 mx-auto w-fit max-w-lg animate-rise text-balance rounded-2xl bg-coal/80 px-4 py-2.5 text-center text-sm text-cream backdrop-blur-md md:top-24"
    >
      {words}
    </p>
  );
}
