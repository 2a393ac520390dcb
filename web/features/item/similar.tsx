import { useQuery } from '@tanstack/react-query';
import type { ItemDetail } from '../../../shared/api/items.ts';
import { similarQuery } from '../../app/queries.ts';
import { PosterCard } from '../../ui/cards.tsx';
import { Row } from '../../ui/row.tsx';

/** Titles that have much in common with one; nothing while there are none. */
export function Similar({ item }: { item: ItemDetail }) {
  const cards = useQuery(similarQuery(item.id)).data?.items ?? [];
  if (cards.length === 0) return null;
  return (
    <div className="mt-12">
      <Row kind="poster" title="More like this">
        {cards.map((card) => (
          <PosterCard key={card.id} item={card} />
        ))}
      </Row>
    </div>
  );
}
