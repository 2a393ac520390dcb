import { endView, seenAs } from '../../app/see-as.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { ROLE_WORDS } from './words.ts';

/** Says on every page that one sees with somebody else's eyes. */
export function SeeAsBanner() {
  const view = seenAs();
  if (view === null) return null;
  return (
    <div
      role="status"
      data-testid="see-as"
      className="gutter sticky top-0 z-40 flex min-h-13 flex-wrap items-center gap-x-4 gap-y-1 bg-amber py-2 text-[#241003]"
    >
      <Icon name="eye" />
      <p className="min-w-0 flex-1 text-sm text-pretty sm:text-base">
        You see what <b className="font-semibold">{view.name}</b> ({ROLE_WORDS[view.role].label.toLowerCase()}) may see.
        <span className="hidden sm:inline"> Nothing can be played or changed.</span>
      </p>
      <Button size="sm" className="bg-black/20! text-[#241003]! hover:bg-black/30!" onClick={endView}>
        Stop
      </Button>
    </div>
  );
}
