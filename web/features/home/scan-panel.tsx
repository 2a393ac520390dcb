import { ProgressBar } from '../../ui/progress-bar.tsx';
import { type RootScan, scanFraction, scanWords } from '../events/scans.ts';

/** What the machines are reading right now. */
export function ScanPanel({ scans, title = 'Reading your library' }: { scans: readonly RootScan[]; title?: string }) {
  return (
    <section
      data-testid="scan-progress"
      aria-label={title}
      aria-live="polite"
      className="panel animate-rise overflow-hidden text-left"
    >
      <div className="flex items-center gap-3 px-5 pt-4 pb-3">
        <span className="relative flex size-2.5">
          <span className="absolute inset-0 animate-ping rounded-full bg-ember/70" />
          <span className="relative size-2.5 rounded-full bg-amber" />
        </span>
        <h2 className="font-semibold">{title}</h2>
        <span className="ml-auto text-sm text-smoke tabular-nums">
          {scanFraction(scans) === null ? '' : `${Math.floor((scanFraction(scans) ?? 0) * 100)} %`}
        </span>
      </div>
      <ul className="flex flex-col gap-4 px-5 pb-5">
        {scans.map(({ library, root, scan }) => (
          <li key={`${root.agent.id}/${root.id}`}>
            <div className="mb-2 flex flex-wrap justify-between gap-x-4 text-sm">
              <span className="text-cream/90">
                {library.name}
                <span className="text-smoke"> on {root.agent.name}</span>
              </span>
              <span className="text-sand tabular-nums">{scanWords(scan)}</span>
            </div>
            <ProgressBar
              label={`Scan of ${root.name}`}
              value={scan.total === null || scan.total === 0 ? null : scan.done / scan.total}
              className="h-1.5"
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
