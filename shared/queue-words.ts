/** What a person who waits for a machine is told. The first place is 1. */
export function placeWords(place: number): string {
  const turn = place === 1 ? 'You are next' : `You are number ${place} in line`;
  return `${turn}; it starts by itself when one is free.`;
}
