import type { Library } from '../../../shared/api/libraries.ts';
import { count } from '../../ui/format.ts';

/** `12 titles`, `500+ titles`; nothing where it is not known. */
export function titleCount({ items, more }: Pick<Library, 'items' | 'more'>): string {
  if (items === null) return '';
  return more ? `${items.toLocaleString('en')}+ titles` : count(items, 'title');
}
