import type { EditableField, EditableFields, EditedCredit } from '../../../shared/api/curation.ts';

/** The form's words for the fields, in its order. */
export const FIELD_WORDS: Readonly<Record<EditableField, string>> = {
  ...{ title: 'Title', originalTitle: 'Original title', overview: 'Overview', tagline: 'Tagline', year: 'Year' },
  ...{ rating: 'Rating, 0 to 10', certification: 'Certification', genres: 'Genres', tags: 'Tags' },
  ...{ studios: 'Studios', collections: 'Collections', people: 'Cast and crew' },
};

export const FIELDS = Object.keys(FIELD_WORDS) as EditableField[];
const LISTS: ReadonlySet<EditableField> = new Set(['genres', 'tags', 'studios', 'collections']);
const NUMBERS: ReadonlySet<EditableField> = new Set(['year', 'rating']);

/** Fields as they stand in the form: lists with commas, nothing for null; people, who have rows of their own, as JSON. */
export type FormTexts = Record<EditableField, string>;

export function textsOf(fields: EditableFields): FormTexts {
  const text = (value: EditableFields[EditableField]) =>
    Array.isArray(value) ? value.join(', ') : String(value ?? '');
  const { people, ...others } = fields;
  const texts = Object.entries(others).map(([name, value]) => [name, text(value)]);
  return Object.fromEntries([...texts, ['people', JSON.stringify(people)]]) as FormTexts;
}

/** What the form says of one field; null for none, undefined where it is not a number, or a title is missing. */
export function readField(
  name: EditableField,
  text: string,
): string | number | string[] | EditedCredit[] | null | undefined {
  const bare = text.trim();
  if (name === 'people') return readCredits(text);
  if (LISTS.has(name)) {
    const names = bare.split(',').map((one) => one.trim());
    return [...new Set(names.filter((one) => one !== ''))];
  }
  if (bare === '') return name === 'title' ? undefined : null;
  if (!NUMBERS.has(name)) return bare;
  const number = Number(bare.replace(',', '.'));
  if (Number.isNaN(number) || (name === 'year' && !Number.isInteger(number))) return undefined;
  return number;
}

/** The rows of people; those without a name are left out. */
function readCredits(text: string): EditedCredit[] {
  return (JSON.parse(text) as EditedCredit[]).flatMap(({ name, role, character }) => {
    const bare = name.trim();
    return bare === '' ? [] : [{ name: bare, role, character: character?.trim() || null }];
  });
}
