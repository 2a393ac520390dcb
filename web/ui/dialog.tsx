import { type ReactNode, useEffect, useRef } from 'react';
import { IconButton } from './button.tsx';

interface DialogProps {
  title: string;
  onClose(): void;
  children: ReactNode;
}

/** A modal question or form; the browser's own dialog keeps the focus inside and gives it back. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // The browser would choose the first button, which is the one that closes.
    (dialog?.querySelector('input') ?? dialog)?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      tabIndex={-1}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
      className="m-auto w-[min(36rem,calc(100vw-2rem))] animate-rise overflow-x-hidden overflow-y-auto overscroll-contain rounded-2xl border border-cream/10 bg-ash-900 p-0 text-cream shadow-2xl outline-none"
    >
      <div className="p-6 sm:p-7">
        <div className="-mt-1 -mr-2 mb-4 flex items-center justify-between gap-4">
          <h2 className="text-xl font-semibold">{title}</h2>
          <IconButton icon="close" label="Close" onClick={onClose} />
        </div>
        {children}
      </div>
    </dialog>
  );
}
