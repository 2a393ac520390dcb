import type { Palette } from './landscape.ts';

/** How a film is made: which codecs, in which container, with which tracks. */
export type Recipe = 'h264-mp4' | 'hevc-mkv' | 'mpeg2-ts' | 'h264-mkv-languages';

export interface DemoTitle {
  title: string;
  year: number;
  palette: Palette;
  seed: number;
}

export interface DemoFilm extends DemoTitle {
  recipe: Recipe;
  seconds: number;
  size: { width: number; height: number };
}

export interface DemoSeries extends DemoTitle {
  secondsPerEpisode: number;
  size: { width: number; height: number };
  /** Titles of the episodes of each season. */
  seasons: string[][];
}

export const FILMS: readonly DemoFilm[] = [
  {
    title: 'Lighthouse',
    year: 2021,
    recipe: 'h264-mp4',
    seconds: 60,
    size: { width: 1280, height: 720 },
    seed: 11,
    palette: {
      skyTop: [22, 48, 92],
      skyBottom: [247, 178, 122],
      sun: [255, 236, 196],
      far: [122, 108, 134],
      near: [18, 24, 44],
    },
  },
  {
    title: 'Northern Meridian',
    year: 2019,
    recipe: 'hevc-mkv',
    // In software it takes five times as long as H.264: smaller and shorter, it is ready as soon as the others are.
    seconds: 30,
    size: { width: 960, height: 540 },
    seed: 23,
    palette: {
      skyTop: [6, 22, 48],
      skyBottom: [92, 206, 190],
      sun: [222, 255, 240],
      far: [46, 112, 128],
      near: [6, 20, 34],
    },
  },
  {
    title: 'Paper Lanterns',
    year: 1998,
    recipe: 'mpeg2-ts',
    seconds: 45,
    size: { width: 1024, height: 576 },
    seed: 42,
    palette: {
      skyTop: [74, 16, 50],
      skyBottom: [246, 126, 82],
      sun: [255, 214, 140],
      far: [168, 60, 76],
      near: [36, 8, 28],
    },
  },
  {
    title: 'Salt and Cedar',
    year: 2023,
    recipe: 'h264-mkv-languages',
    seconds: 50,
    size: { width: 1280, height: 720 },
    seed: 57,
    palette: {
      skyTop: [92, 132, 128],
      skyBottom: [240, 228, 196],
      sun: [255, 250, 230],
      far: [138, 160, 128],
      near: [22, 42, 36],
    },
  },
];

export const SERIES: DemoSeries = {
  title: 'Harbour Lane',
  year: 2020,
  secondsPerEpisode: 20,
  size: { width: 960, height: 540 },
  seed: 71,
  palette: {
    skyTop: [48, 38, 96],
    skyBottom: [236, 160, 196],
    sun: [255, 226, 232],
    far: [126, 98, 156],
    near: [22, 16, 48],
  },
  seasons: [
    ['The Ferry', 'Low Tide', 'A Letter from Oslo'],
    ['Winter Moorings', 'The Boathouse', 'Open Water'],
  ],
};
