import { useState } from 'react';
import type { ItemDetail } from '../../../shared/api/items.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { Popover } from '../../ui/popover.tsx';
import { AddToPlaylist } from '../own/add-to-playlist.tsx';
import { useIsAdmin, useMayKeep } from '../shell/roles.ts';
import { EditDetails } from './edit-details.tsx';
import { copiesToKeep, sizeWords } from './media-words.ts';
import { MergeTitles } from './merge-titles.tsx';
import { useDownload } from './use-download.ts';

/** Downloads that the menu offers; each copy has its own further down. */
const MENU_COPIES = 4;

type Task = 'playlist' | 'edit' | 'merge';

/** What is done with a title now and then. */
export function MoreMenu({ item }: { item: ItemDetail }) {
  const admin = useIsAdmin();
  const [task, setTask] = useState<Task | null>(null);
  const done = () => setTask(null);
  const kept = useMayKeep() ? copiesToKeep(item.copies).slice(0, MENU_COPIES) : [];
  const download = useDownload(item);
  const tasks: readonly (readonly [task: Task, icon: IconName, label: string])[] = [
    ['playlist', 'list', 'Add to a playlist'],
    ...(admin ? ([['edit', 'edit', 'Edit details']] as const) : []),
    ...(admin && item.kind !== 'episode' ? ([['merge', 'copy', 'Merge or split']] as const) : []),
  ];
  return (
    <>
      <Popover
        label="More"
        testId="more"
        trigger={<Icon name="more" className="size-6" />}
        triggerClass={`${buttonClass('secondary', 'lg')} w-13 px-0`}
        panelClass="right-0 mt-2 w-60 lg:right-auto lg:left-0"
      >
        {(close) => (
          <>
            {tasks.map(([id, icon, label]) => (
              <MenuLine
                key={id}
                icon={icon}
                label={label}
                testId={`more-${id}`}
                onPick={() => {
                  close();
                  setTask(id);
                }}
              />
            ))}
            {kept.map((copy) => (
              <MenuLine
                key={copy.id}
                icon="download"
                label="Download"
                note={sizeWords(copy)}
                testId="more-download"
                onPick={() => {
                  close();
                  download.mutate(copy);
                }}
              />
            ))}
          </>
        )}
      </Popover>
      {task === 'playlist' && <AddToPlaylist item={item} onClose={done} />}
      {task === 'edit' && <EditDetails item={item} onClose={done} />}
      {task === 'merge' && <MergeTitles item={item} onClose={done} />}
    </>
  );
}

interface MenuLineProps {
  icon: IconName;
  label: string;
  note?: string;
  testId: string;
  onPick(): void;
}

function MenuLine({ icon, label, note, testId, onPick }: MenuLineProps) {
  return (
    <button
      type="button"
      data-testid={testId}
      onClick={onPick}
      className="flex w-full items-center gap-3 rounded-xl px-3 py-2.5 text-left text-[0.95rem] text-sand transition-colors hover:bg-cream/8 hover:text-cream"
    >
      <Icon name={icon} />
      <span className="min-w-0">
        {label}
        {note && <span className="block truncate text-sm text-smoke">{note}</span>}
      </span>
    </button>
  );
}
