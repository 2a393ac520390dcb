import { artHues } from './art-hues.ts';

/** Somebody's sign: the first letter of their name in colours of its own. The size is the caller's. */
export function Avatar({ name, className = '' }: { name: string; className?: string }) {
  const [first, second] = artHues(name);
  return (
    <span
      aria-hidden="true"
      className={`grid shrink-0 place-items-center font-bold text-white/95 ${className}`}
      style={{ background: `linear-gradient(135deg, hsl(${first} 62% 46%), hsl(${second} 58% 32%))` }}
    >
      {[...name][0]?.toUpperCase()}
    </span>
  );
}
