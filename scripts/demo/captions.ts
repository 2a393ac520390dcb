const SECONDS_PER_CAPTION = 5;

/** Subtitles that say what time it is, in two languages, as SubRip text. */
export function captionsOf(seconds: number): { language: string; title: string; text: string }[] {
  return [
    { language: 'eng', title: 'English', text: subRip(seconds, (clock) => `The harbour clock says ${clock}.`) },
    { language: 'ger', title: 'Deutsch', text: subRip(seconds, (clock) => `Die Hafenuhr zeigt ${clock}.`) },
  ];
}

function subRip(seconds: number, say: (clock: string) => string): string {
  const captions = [];
  for (let start = 0; start < seconds; start += SECONDS_PER_CAPTION) {
    const end = Math.min(seconds, start + SECONDS_PER_CAPTION);
    captions.push(
      `${captions.length + 1}\n00:${clockOf(start)},200 --> 00:${clockOf(end - 1)},800\n${say(clockOf(start))}\n`,
    );
  }
  return captions.join('\n');
}

function clockOf(second: number): string {
  return `${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}`;
}
