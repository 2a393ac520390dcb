/** Two hues (degrees) for a title, the same every time: warm more often than not, and never a clash. */
export function artHues(title: string): [first: number, second: number] {
  let hash = 2_166_136_261;
  for (const char of title) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  const warm = hash % 5 < 3;
  const first = warm ? 15 + ((hash >>> 3) % 75) : 160 + ((hash >>> 3) % 150);
  const second = (first + (hash & 1 ? 38 : -38) + 360) % 360;
  return [first, second];
}
