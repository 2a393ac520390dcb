import { Icon } from './icons.tsx';
import { createStore, useStore } from './store.ts';

type Level = 'info' | 'warning' | 'error';
interface Toast {
  id: number;
  level: Level;
  text: string;
}

const SHOWN_MS = 6000;
const MAX_TOASTS = 3;
const toasts = createStore<readonly Toast[]>([]);
let lastId = 0;

const dismiss = (id: number) => toasts.set(toasts.get().filter((toast) => toast.id !== id));

/** Tells something in passing; it goes away by itself. */
export function toast(text: string, level: Level = 'info'): void {
  const id = ++lastId;
  toasts.set([...toasts.get(), { id, level, text }].slice(-MAX_TOASTS));
  setTimeout(() => dismiss(id), SHOWN_MS);
}

export function Toasts() {
  const shown = useStore(toasts);
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-4 bottom-[calc(5.5rem+env(safe-area-inset-bottom))] z-50 flex flex-col items-center gap-2 md:bottom-6"
    >
      {shown.map(({ id, level, text }) => (
        <button
          key={id}
          type="button"
          onClick={() => dismiss(id)}
          className="pointer-events-auto flex max-w-md animate-rise items-center gap-3 rounded-2xl border border-cream/10 bg-ash-800 px-4 py-3 text-left text-sm shadow-2xl"
        >
          <Icon
            name={level === 'info' ? 'info' : 'warning'}
            className={`size-5 ${level === 'error' ? 'text-bad' : 'text-amber'}`}
          />
          {text}
        </button>
      ))}
    </div>
  );
}
