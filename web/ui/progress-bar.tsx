interface ProgressBarProps {
  /** 0 to 1; null is unknown yet. */
  value: number | null;
  label: string;
  className?: string;
}

export function ProgressBar({ value, label, className = '' }: ProgressBarProps) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(value === null ? {} : { 'aria-valuenow': Math.round(value * 100) })}
      className={`h-1 overflow-hidden rounded-full bg-cream/15 ${className}`}
    >
      <div
        className={`h-full rounded-full bg-linear-to-r from-ember to-amber transition-[width] duration-700 ease-hearth ${value === null ? 'w-1/3 animate-glow' : ''}`}
        style={value === null ? undefined : { width: `${Math.min(100, value * 100)}%` }}
      />
    </div>
  );
}
