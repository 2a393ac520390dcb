import { useEffect, useState } from 'react';
import type { Enrolment } from '../../../shared/api/fleet.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { clock } from '../../ui/format.ts';
import { HINTS, installLine, isOwnMachine, SYSTEMS, type System } from './install-lines.ts';

/** The line that makes a machine an agent, for each kind of machine, with a code that ends by itself. */
export function EnrolmentCode({ enrolment, onRenew }: { enrolment: Enrolment; onRenew: () => void }) {
  const [now, setNow] = useState(Date.now);
  const [system, setSystem] = useState<System>('Linux and macOS');
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = enrolment.expiresAt - now;
  if (left <= 0)
    return (
      <div className="rounded-2xl bg-coal/60 p-6 text-center">
        <p className="mb-4 text-sand">This code has expired.</p>
        <Button icon="refresh" onClick={onRenew}>
          Make a new one
        </Button>
      </div>
    );
  const line = installLine(system, location.origin, enrolment.code);
  return (
    <>
      <div role="tablist" aria-label="What the machine runs" className="flex gap-1 rounded-full bg-coal/60 p-1">
        {SYSTEMS.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={name === system}
            onClick={() => setSystem(name)}
            className="h-9 flex-1 rounded-full px-2 text-sm font-medium whitespace-nowrap text-sand transition-colors hover:text-cream aria-selected:bg-cream/12 aria-selected:text-cream"
          >
            {name}
          </button>
        ))}
      </div>
      <p className="mt-4 text-sm text-pretty text-sand">{HINTS[system]}</p>
      <div className="mt-3 rounded-2xl bg-coal/60 p-4 sm:p-5">
        <pre
          data-testid="install-line"
          className="font-mono text-sm leading-relaxed break-words whitespace-pre-wrap text-cream select-all"
        >
          {line}
        </pre>
        <div className="mt-3 flex flex-wrap items-center justify-between gap-3">
          <p className="text-sm text-smoke">
            Code{' '}
            <b data-testid="enrolment-code" className="font-mono font-semibold tracking-wider text-amber select-all">
              {enrolment.code}
            </b>
            <span className="tabular-nums"> · valid for {clock(left)}</span>
          </p>
          <CopyButton text={line} />
        </div>
      </div>
      {isOwnMachine(location.origin) && (
        <p className="mt-3 text-sm text-pretty text-amber">
          This address leads only to the machine you are on. For another one start the server with{' '}
          <code className="whitespace-nowrap text-cream">--host 0.0.0.0</code> and open this page by its name or address
          in your network.
        </p>
      )}
      <p className="mt-5 flex items-center gap-2.5 text-sm text-sand" role="status">
        <span className="size-2 animate-ping rounded-full bg-amber" />
        Waiting for the machine to call
      </p>
    </>
  );
}
