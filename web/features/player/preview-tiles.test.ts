import { expect, it } from 'vitest';
import { readTiles, tileAt } from './preview-tiles.ts';

const TEXT = `WEBVTT

00:00:00.000 --> 00:00:10.000
0.jpg#xywh=0,0,320,180

00:00:10.000 --> 00:00:20.000
https://elsewhere/0.jpg#xywh=320,0,320,180

00:00:20.000 --> 00:00:25.500
1.jpg#xywh=320,180,320,180
`;

it('the tiles of a track are read, and none from elsewhere', () => {
  expect(readTiles(TEXT)).toEqual([
    { from: 0, to: 10, sheet: '0.jpg', x: 0, y: 0, width: 320, height: 180 },
    { from: 20, to: 25.5, sheet: '1.jpg', x: 320, y: 180, width: 320, height: 180 },
  ]);
  expect(readTiles('<html>')).toEqual([]);
});

it('every second has the tile that shows it', () => {
  const tiles = readTiles(TEXT);
  expect([0, 9.99, 21, 99].map((at) => tileAt(tiles, at)?.sheet)).toEqual(['0.jpg', '0.jpg', '1.jpg', '1.jpg']);
  expect(tileAt([], 3)).toBeNull();
});
