import { CopyButton } from '../../ui/copy-button.tsx';
import { until } from './words.ts';

/** A secret that is shown once: as a link, or as it is typed. */
export function CodePanel(props: {
  label: string;
  text: string;
  code?: string;
  expiresAt: number | null;
  testId: string;
}) {
  const { label, text, code, expiresAt, testId } = props;
  return (
    <div className="rounded-2xl bg-coal/60 p-5">
      <div className="mb-2 flex items-center justify-between gap-3">
        <p className="text-sm text-smoke">{label}</p>
        <CopyButton text={text} />
      </div>
      <p data-testid={testId} className="font-mono text-[0.95rem] leading-relaxed break-all text-amber select-all">
        {text}
      </p>
      {code !== undefined && (
        <p className="mt-3 text-sm text-sand">
          Or type this code: <span className="font-mono tracking-wider whitespace-nowrap text-cream">{code}</span>
        </p>
      )}
      <p className="mt-3 text-sm text-smoke">
        It is shown this once{expiresAt !== null && `, and ends ${until(expiresAt, Date.now())}`}.
      </p>
    </div>
  );
}
