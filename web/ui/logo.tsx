/** The mark: a hearth's arch around a play sign. */
export function Logo({ className = 'size-8' }: { className?: string }) {
  return <img src="/icon.svg" alt="" width={32} height={32} className={className} />;
}

export function Wordmark() {
  return (
    <span className="flex items-center gap-2.5">
      <Logo />
      <span className="text-[1.15rem] font-bold tracking-tight">
        Hearth<span className="text-amber">cast</span>
      </span>
    </span>
  );
}
