import { Link } from '@tanstack/react-router';
import type { Library } from '../../../shared/api/libraries.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { Logo } from '../../ui/logo.tsx';
import type { RootScan } from '../events/scans.ts';
import { useIsAdmin } from '../shell/roles.ts';
import { ScanPanel } from './scan-panel.tsx';

const STEPS: readonly { icon: IconName; title: string; text: string }[] = [
  {
    icon: 'machines',
    title: 'Connect a machine',
    text: 'Start the agent where your films lie. It calls out by itself: no port to forward, no address to know.',
  },
  {
    icon: 'library',
    title: 'Choose its folders',
    text: 'Each folder goes to a library. Folders of several machines can fill the same one.',
  },
  {
    icon: 'play',
    title: 'Press play',
    text: 'Titles appear here while they are found. You can watch the first before the last is read.',
  },
];

/** The home of a house without a single title: what is going on, or what to do. */
export function Welcome({ scans, libraries }: { scans: readonly RootScan[]; libraries: readonly Library[] }) {
  const admin = useIsAdmin();
  const scanning = scans.length > 0;
  const problems = libraries.find((library) => library.problems > 0);
  return (
    <div className="hearth-glow -mt-17 -mb-[calc(4.75rem+env(safe-area-inset-bottom))] grid min-h-dvh place-items-center px-4 pt-24 pb-28 md:-mb-12 md:pb-12">
      <div className="w-full max-w-4xl animate-rise text-center">
        <Logo className={`mx-auto mb-6 size-16 ${scanning ? 'animate-glow' : ''}`} />
        <h1 className="text-3xl font-bold md:text-4xl">
          {scanning ? 'The fire is catching' : admin ? 'Let’s fill your shelves' : 'Nothing on your shelves yet'}
        </h1>
        <p className="mx-auto mt-3 max-w-xl text-pretty text-sand">
          {scanning
            ? 'Your files are being read. Titles appear here one after the other; you need not wait for the end.'
            : admin
              ? 'Hearthcast keeps your media where it is and shows it wherever you are.'
              : 'What the owner has for you shows up here as soon as it is there.'}
        </p>
        {scanning && (
          <div className="mx-auto mt-8 max-w-xl">
            <ScanPanel scans={scans} />
          </div>
        )}
        {!scanning && admin && (
          <>
            <ol className="mt-10 grid gap-4 text-left md:grid-cols-3">
              {STEPS.map(({ icon, title, text }, index) => (
                <li key={title} className="panel p-5">
                  <div className="flex items-center gap-3">
                    <span className="grid size-10 place-items-center rounded-xl bg-ash-800 text-amber">
                      <Icon name={icon} />
                    </span>
                    <span className="text-sm text-smoke">Step {index + 1}</span>
                  </div>
                  <h2 className="mt-4 font-semibold">{title}</h2>
                  <p className="mt-1 text-sm text-pretty text-sand">{text}</p>
                </li>
              ))}
            </ol>
            <div className="mt-8 flex flex-wrap justify-center gap-3">
              <Link to="/admin/machines" search={{ add: true }} className={buttonClass('primary', 'lg')}>
                <Icon name="plus" />
                Add a machine
              </Link>
              {problems && (
                <Link
                  to="/library/$libraryId/problems"
                  params={{ libraryId: problems.id }}
                  className={buttonClass('secondary', 'lg')}
                >
                  See what could not be read
                </Link>
              )}
            </div>
          </>
        )}
      </div>
    </div>
  );
}
