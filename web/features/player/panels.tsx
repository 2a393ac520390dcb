import type { ReactNode } from 'react';
import type { ItemCopy } from '../../../shared/api/items.ts';
import type { PlayAnswer } from '../../../shared/api/playback.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { bitrate } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { codecName, qualityBadges, resolutionName } from '../item/media-words.ts';
import type { DirectState } from './direct/direct-route.ts';
import { KEY_HELP } from './keys.ts';
import { MODE_WORDS, reasonWords } from './plan-words.ts';

function Panel({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  return (
    <section
      aria-label={title}
      className="absolute top-18 right-4 z-30 max-h-[calc(100dvh-12rem)] w-[min(25rem,calc(100vw-2rem))] animate-fade overflow-auto rounded-2xl border border-cream/10 bg-ash-900/95 p-5 shadow-2xl backdrop-blur-xl md:right-6"
    >
      <div className="-mt-1.5 -mr-2 mb-2 flex items-center justify-between">
        <h2 className="text-lg font-semibold">{title}</h2>
        <IconButton icon="close" label="Close" onClick={onClose} />
      </div>
      {children}
    </section>
  );
}

interface WhyPanelProps {
  answer: PlayAnswer;
  copy: ItemCopy | undefined;
  /** The rendition that is shown now, as its place in the plan. */
  height: number | null;
  /** Null while nothing is known of a direct way. */
  direct: DirectState | null;
  /** The browser may ask whether this page may reach the machine. */
  onAllowDirect(): void;
  onClose(): void;
}

/** How the film comes here, and why not as it is. */
export function WhyPanel({ answer: { plan }, copy, height, direct, onAllowDirect, onClose }: WhyPanelProps) {
  const words = MODE_WORDS[plan.mode];
  const shown = plan.video.find((video) => video.height === height) ?? plan.video[0];
  const sound = plan.audio.find((audio) => audio.default) ?? plan.audio[0];
  return (
    <Panel title={words.name} onClose={onClose}>
      <p className="text-pretty text-sand">{words.sentence}</p>
      {plan.reasons.length > 0 && (
        <ul className="mt-4 flex flex-col gap-2.5">
          {plan.reasons.map((reason) => (
            <li key={reason.code} className="flex items-start gap-2.5 text-[0.95rem]">
              <Icon name="info" className="mt-0.5 size-4.5 text-amber" />
              {reasonWords(reason)}
            </li>
          ))}
        </ul>
      )}
      <dl className="mt-5 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 border-t border-cream/8 pt-4 text-sm">
        {copy && (
          <>
            <dt className="text-smoke">From</dt>
            <dd>
              {copy.agent.name}, {copy.site.name}
            </dd>
            <dt className="text-smoke">Way</dt>
            <dd data-testid="way">{wayWords(direct)}</dd>
            <dt className="text-smoke">File</dt>
            <dd>{qualityBadges(copy.media).join(' · ')}</dd>
          </>
        )}
        {shown && (
          <>
            <dt className="text-smoke">Picture</dt>
            <dd>
              {resolutionName(shown)} {codecName(shown.codec)},{' '}
              {shown.action === 'copy' ? 'original' : `converted, at most ${bitrate(shown.bitrate)}`}
              {shown.tonemap && ', HDR to SDR'}
              {shown.deinterlace && ', deinterlaced'}
            </dd>
          </>
        )}
        {sound && (
          <>
            <dt className="text-smoke">Sound</dt>
            <dd>
              {codecName(sound.codec)}, {sound.action === 'copy' ? 'original' : 'converted'}
            </dd>
          </>
        )}
      </dl>
      {direct?.asks && (
        <div className="mt-4 rounded-xl bg-cream/6 p-3.5">
          <p className="text-sm text-pretty text-sand">
            This machine could be reached straight through your own network. Your browser will ask whether this site
            may.
          </p>
          <Button size="sm" className="mt-3" onClick={onAllowDirect}>
            Use my network
          </Button>
        </div>
      )}
    </Panel>
  );
}

/** By which way the bytes come. */
function wayWords(direct: DirectState | null): string {
  return direct?.address ? `Straight from the machine, ${new URL(direct.address.url).host}` : 'Through the server';
}

export function HelpPanel({ onClose }: { onClose: () => void }) {
  return (
    <Panel title="Keys" onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2.5">
        {KEY_HELP.map(([keys, what]) => (
          <div key={keys} className="contents">
            <dt className="flex gap-1.5">
              {keys.split('  ').map((key) => (
                <kbd
                  key={key}
                  className="min-w-8 rounded-md border border-cream/15 bg-cream/5 px-2 py-0.5 text-center font-sans text-sm"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd className="text-[0.95rem] text-sand">{what}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
