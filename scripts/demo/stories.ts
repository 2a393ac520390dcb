/** What the demo's sidecar files tell: titles, people and studios that there are nowhere else. */
export interface Story {
  overview: string;
  tagline: string;
  rating: number;
  certification: string;
  premiered: string;
  genres: readonly string[];
  tags: readonly string[];
  studio: string;
  collection?: string;
  director: string;
  writer: string;
  /** Name and character. */
  cast: readonly (readonly [name: string, character: string])[];
}

/** By title. */
export const STORIES: Readonly<Record<string, Story>> = {
  Lighthouse: {
    overview:
      'The keeper of the last manned light on the coast counts the seconds between two flashes, until one night the count is wrong. Somebody on the far rock answers.',
    tagline: 'Every light waits for another.',
    ...{ rating: 7.8, certification: 'PG', premiered: '2021-09-17', studio: 'Breakwater Pictures' },
    ...{ genres: ['Drama', 'Mystery'], tags: ['coast', 'night', 'one location'], collection: 'Tales of the Coast' },
    ...{ director: 'Ilse Vandermeer', writer: 'Tomas Rehn' },
    cast: [
      ['Marit Solheim', 'The keeper'],
      ['Anselm Okoro', 'The voice on the radio'],
      ['Ruth Castellane', 'Harbour master'],
    ],
  },
  'Northern Meridian': {
    overview:
      'Four surveyors are sent to draw the last empty square of a map, and find that the line they follow was drawn before, by themselves.',
    tagline: 'North is a place that moves.',
    ...{ rating: 8.3, certification: 'PG-13', premiered: '2019-02-08', studio: 'Polar Reel' },
    ...{ genres: ['Science Fiction', 'Adventure'], tags: ['expedition', 'winter', 'aurora'] },
    ...{ director: 'Kofi Brandt', writer: 'Ilse Vandermeer' },
    cast: [
      ['Anselm Okoro', 'Captain Hale'],
      ['Yuki Arend', 'Dr. Lind'],
      ['Piet Marlow', 'Stokes'],
      ['Marit Solheim', 'The cartographer'],
    ],
  },
  'Paper Lanterns': {
    overview:
      'On the one evening of the year when the whole street is dark, a boy who sells lanterns follows a girl who will not buy one.',
    tagline: 'One night, one street, one light.',
    ...{ rating: 6.9, certification: 'G', premiered: '1998-07-03', studio: 'Breakwater Pictures' },
    ...{ genres: ['Family', 'Drama'], tags: ['festival', 'night'] },
    ...{ director: 'Hana Weiss', writer: 'Hana Weiss' },
    cast: [
      ['Yuki Arend', 'Grandmother'],
      ['Leo Santana', 'The boy'],
    ],
  },
  'Salt and Cedar': {
    overview:
      'Two sisters inherit a boatyard and a promise that neither of them made. There is one summer left to keep it, and no boat.',
    tagline: 'What floats has to be let go.',
    ...{ rating: 7.4, certification: 'PG', premiered: '2023-05-26', studio: 'Cedar & Sons Film' },
    ...{ genres: ['Drama', 'Comedy'], tags: ['coast', 'sisters', 'summer'], collection: 'Tales of the Coast' },
    ...{ director: 'Ilse Vandermeer', writer: 'Ruth Castellane' },
    cast: [
      ['Ruth Castellane', 'Ada'],
      ['Marit Solheim', 'Inger'],
      ['Piet Marlow', 'The lender'],
    ],
  },
  'Harbour Lane': {
    overview:
      'A ferry comes twice a day to a street of eleven houses. Who gets off, who does not, and who has been waiting.',
    tagline: 'Everyone arrives sooner or later.',
    ...{ rating: 8.1, certification: 'TV-PG', premiered: '2020-01-12', studio: 'Breakwater Television' },
    ...{ genres: ['Drama', 'Comedy'], tags: ['coast', 'small town'] },
    ...{ director: 'Hana Weiss', writer: 'Tomas Rehn' },
    cast: [
      ['Leo Santana', 'Jon the ferryman'],
      ['Ruth Castellane', 'Mrs. Aldous'],
      ['Yuki Arend', 'The post office'],
    ],
  },
};

/** What happens in the series, episode by episode, as its seasons have them. */
export const EPISODE_STORIES: Readonly<Record<string, string>> = {
  'The Ferry': 'A suitcase comes ashore without its owner, and everybody on the lane knows whose it is.',
  'Low Tide': 'What the sea gave back overnight lies before the wrong door.',
  'A Letter from Oslo': 'Mrs. Aldous gets an answer to a letter that she never sent.',
  'Winter Moorings': 'The ferry stays in for the storm, and so does somebody who meant to leave.',
  'The Boathouse': 'Jon opens the door that he has walked past for twenty years.',
  'Open Water': 'The last crossing of the season, with one passenger too many.',
};
