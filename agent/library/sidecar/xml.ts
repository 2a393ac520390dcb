/** An element with what it holds; text of mixed content is joined. */
export interface XmlElement {
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  text: string;
}

export class MalformedXml extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = 'MalformedXml';
  }
}

const MAX_DEPTH = 20;
const MAX_ELEMENTS = 20_000;

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<\/([^\s<>/]+)\s*>|<([A-Za-z_:][^\s<>/='"]*)((?:\s+[^\s<>/='"]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|[^<]+/y;
const ATTRIBUTE = /([^\s<>/='"]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/**
 * Reads the elements of a small XML text, of which there may be several at the top (one file for two episodes),
 * with other text between and behind them in `rest`. Names are in lower case. There are no document types and no
 * entities but XML's own five: nothing in the text can make it larger or reach for a file. Throws MalformedXml.
 */
export function parseXml(text: string): { elements: XmlElement[]; rest: string } {
  const top: XmlElement = { name: '', attributes: new Map(), children: [], text: '' };
  const open: XmlElement[] = [top];
  let count = 0;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text);
    if (!token) throw new MalformedXml(`It is no XML from character ${at + 1} on.`);
    const inside = open.at(-1) as XmlElement;
    const [all, cdata, closed, opened, attributes, empty] = token;
    if (cdata !== undefined) inside.text += cdata;
    else if (closed !== undefined) {
      if (open.length === 1 || closed.toLowerCase() !== inside.name) {
        throw new MalformedXml(`</${closed.slice(0, 40)}> closes nothing at character ${at + 1}.`);
      }
      open.pop();
    } else if (opened !== undefined) {
      if (++count > MAX_ELEMENTS || open.length > MAX_DEPTH) throw new MalformedXml('It has too many elements.');
      const element = {
        name: opened.toLowerCase(),
        attributes: attributesOf(attributes ?? ''),
        children: [],
        text: '',
      };
      inside.children.push(element);
      if (!empty) open.push(element);
    } else if (!all.startsWith('<')) inside.text += withCharacters(all);
  }
  const last = open.at(-1) as XmlElement;
  if (last !== top) throw new MalformedXml(`It breaks off inside <${last.name.slice(0, 40)}>.`);
  return { elements: top.children, rest: top.text };
}

function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name, double, single] of text.matchAll(ATTRIBUTE)) {
    attributes.set((name as string).toLowerCase(), withCharacters(double ?? single ?? ''));
  }
  return attributes;
}

/** What is no entity stays as it is: many programs write a bare "&". */
function withCharacters(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi, (all, hex, decimal, name) => {
    if (name) return NAMED[name] ?? all;
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : all;
  });
}
