import { type ReactNode, useEffect, useRef, useState } from 'react';
import { IconButton } from './button.tsx';

interface RowProps {
  title: ReactNode;
  /** Width of one card. */
  kind: 'poster' | 'still';
  children: ReactNode[];
}

const WIDTHS = {
  poster: 'w-[8.75rem] sm:w-40 xl:w-[11.25rem]',
  still: 'w-[17rem] sm:w-72 xl:w-80',
} as const;

/** A shelf that scrolls sideways: by touch, by wheel, by arrows where there is a mouse. */
export function Row({ title, kind, children }: RowProps) {
  const shelf = useRef<HTMLUListElement>(null);
  const [ends, setEnds] = useState({ left: true, right: true });
  const cards = children.length;

  // biome-ignore lint/correctness/useExhaustiveDependencies: other cards are another width
  useEffect(() => {
    const element = shelf.current;
    if (element === null) return;
    const stop = new AbortController();
    const read = () =>
      setEnds({
        left: element.scrollLeft < 8,
        right: element.scrollLeft + element.clientWidth > element.scrollWidth - 8,
      });
    element.addEventListener('scroll', read, { passive: true, signal: stop.signal });
    window.addEventListener('resize', read, { signal: stop.signal });
    read();
    return () => stop.abort();
  }, [cards]);

  const turn = (direction: 1 | -1) =>
    shelf.current?.scrollBy({ left: direction * shelf.current.clientWidth * 0.85, behavior: 'smooth' });

  return (
    <section className="animate-rise">
      <div className="gutter mb-1 flex h-11 items-center justify-between gap-4">
        <h2 className="min-w-0 truncate text-xl font-semibold">{title}</h2>
        {!(ends.left && ends.right) && (
          <div className="hidden md:flex">
            <IconButton icon="back" label="Scroll back" disabled={ends.left} onClick={() => turn(-1)} />
            <IconButton icon="forward" label="Scroll on" disabled={ends.right} onClick={() => turn(1)} />
          </div>
        )}
      </div>
      <ul
        ref={shelf}
        className="gutter no-bar flex snap-x scroll-px-[clamp(1rem,4vw,4.5rem)] gap-3.5 overflow-x-auto pt-1.5 pb-3 sm:gap-5"
      >
        {children.map((child, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the child brings the key that matters
          <li key={index} className={`shrink-0 snap-start ${WIDTHS[kind]}`}>
            {child}
          </li>
        ))}
      </ul>
    </section>
  );
}
