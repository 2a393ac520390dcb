import type { ItemDetail } from '../../../shared/api/items.ts';
import { PlayCard } from '../../ui/cards.tsx';
import { Row } from '../../ui/row.tsx';

/** What comes along with a title; nothing where there is none. */
export function Extras({ item }: { item: ItemDetail }) {
  if (item.extras.length === 0) return null;
  return (
    <div className="mt-12" data-testid="extras">
      <Row kind="still" title="Trailers and extras">
        {item.extras.map((extra) => (
          <PlayCard key={extra.id} item={extra} />
        ))}
      </Row>
    </div>
  );
}
