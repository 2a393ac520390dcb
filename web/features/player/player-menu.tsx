import type { ReactNode } from 'react';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { Popover } from '../../ui/popover.tsx';

const TRIGGER =
  'grid size-11 place-items-center rounded-full text-cream/85 transition hover:bg-cream/12 hover:text-cream aria-expanded:bg-cream/15 aria-expanded:text-amber';
const PANEL =
  'right-0 bottom-full mb-3 max-h-[min(60vh,26rem)] w-max min-w-60 max-w-[min(22rem,calc(100vw-2rem))] max-sm:fixed max-sm:inset-x-4 max-sm:bottom-28 max-sm:w-auto max-sm:max-w-none';

interface MenuProps {
  icon: IconName;
  label: string;
  testId: string;
  onOpenChange(open: boolean): void;
  children: (close: () => void) => ReactNode;
}

/** A button of the bottom bar with its panel above. */
export function PlayerMenu({ icon, label, testId, onOpenChange, children }: MenuProps) {
  return (
    <Popover
      label={label}
      testId={testId}
      trigger={<Icon name={icon} />}
      triggerClass={TRIGGER}
      panelClass={PANEL}
      onOpenChange={onOpenChange}
    >
      {children}
    </Popover>
  );
}
