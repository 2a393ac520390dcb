import type { ComponentProps } from 'react';
import { Icon, type IconName } from './icons.tsx';

type Variant = 'primary' | 'secondary' | 'ghost' | 'danger';

const BASE =
  'inline-flex items-center justify-center gap-2 rounded-full font-semibold whitespace-nowrap select-none ' +
  'transition duration-200 ease-hearth active:scale-[0.97] disabled:opacity-45 disabled:active:scale-100 aria-disabled:opacity-45';

const VARIANTS: Record<Variant, string> = {
  primary:
    'bg-linear-to-b from-amber to-ember text-[#241003] shadow-[0_6px_24px_-8px_rgb(255_123_51/0.55)] hover:brightness-110',
  secondary: 'bg-cream/10 text-cream hover:bg-cream/18 backdrop-blur-md',
  ghost: 'text-sand hover:text-cream hover:bg-cream/8',
  danger: 'bg-bad/15 text-bad hover:bg-bad/25',
};

const SIZES = {
  sm: 'h-9 px-4 text-sm',
  md: 'h-11 px-5 text-[0.95rem]',
  lg: 'h-13 px-7 text-base',
} as const;

/** The look of a button, for links that act like one too. */
export function buttonClass(variant: Variant = 'secondary', size: keyof typeof SIZES = 'md'): string {
  return `${BASE} ${VARIANTS[variant]} ${SIZES[size]}`;
}

interface ButtonProps extends ComponentProps<'button'> {
  variant?: Variant;
  size?: keyof typeof SIZES;
  icon?: IconName | undefined;
  busy?: boolean;
}

export function Button({ variant, size, icon, busy = false, children, className = '', ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      className={`${buttonClass(variant, size)} ${className}`}
    >
      {busy ? <Spinner /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  icon: IconName;
  label: string;
  filled?: boolean;
}

/** A round button with an icon only; `label` is its name and its tip. */
export function IconButton({ icon, label, filled = false, className = '', ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={`grid size-11 place-items-center rounded-full text-cream/85 transition duration-200 hover:bg-cream/12 hover:text-cream active:scale-95 disabled:opacity-40 ${className}`}
    >
      <Icon name={icon} filled={filled} />
    </button>
  );
}

function Spinner() {
  return (
    <span
      className="size-4 animate-spin rounded-full border-2 border-current border-t-transparent"
      aria-hidden="true"
    />
  );
}
