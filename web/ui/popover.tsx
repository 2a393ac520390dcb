import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

interface PopoverProps {
  /** The button's accessible name. */
  label: string;
  /** What the button shows. */
  trigger: ReactNode;
  triggerClass: string;
  panelClass?: string;
  testId?: string;
  onOpenChange?: (open: boolean) => void;
  children: (close: () => void) => ReactNode;
}

/** A button with a small panel: closes on Escape, on a press outside and by its content; arrows move the focus. */
export function Popover({
  label,
  trigger,
  triggerClass,
  panelClass = '',
  testId,
  onOpenChange,
  children,
}: PopoverProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panelId = useId();

  const change = (next: boolean) => {
    setOpen(next);
    onOpenChange?.(next);
  };
  const close = () => {
    change(false);
    button.current?.focus();
  };

  useEffect(() => {
    if (!open) return;
    const stop = new AbortController();
    document.addEventListener(
      'pointerdown',
      (event) => {
        if (!box.current?.contains(event.target as Node)) {
          setOpen(false);
          onOpenChange?.(false);
        }
      },
      { signal: stop.signal },
    );
    const items = box.current?.querySelectorAll<HTMLElement>('[data-panel] :is(a,button)');
    ([...(items ?? [])].find((item) => item.ariaChecked === 'true') ?? items?.[0])?.focus({ preventScroll: true });
    return () => stop.abort();
  }, [open, onOpenChange]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    event.stopPropagation();
    const items = [...(box.current?.querySelectorAll<HTMLElement>('[data-panel] :is(a,button)') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const step = event.key === 'ArrowDown' ? 1 : -1;
    items[(at + step + items.length) % items.length]?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens to what its button and panel let through
    <div ref={box} className="relative" onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        aria-label={label}
        title={label}
        aria-haspopup="true"
        aria-expanded={open}
        aria-controls={panelId}
        data-testid={testId}
        className={triggerClass}
        onClick={() => change(!open)}
      >
        {trigger}
      </button>
      {open && (
        <div
          id={panelId}
          data-panel=""
          className={`absolute z-40 animate-fade overflow-auto rounded-2xl border border-cream/10 bg-ash-900/97 p-1.5 shadow-2xl shadow-black/60 backdrop-blur-xl ${panelClass}`}
        >
          {children(close)}
        </div>
      )}
    </div>
  );
}
