import * as curation from '../../shared/api/curation.ts';
import * as facets from '../../shared/api/facets.ts';
import * as items from '../../shared/api/items.ts';
import { PageQuery } from '../../shared/api/paging.ts';
import type { Operation } from './operation.ts';

const list = (summary: string): Operation => ({ summary, query: PageQuery, answer: [200, facets.FacetPage] });
const top = (summary: string): Operation => ({ summary, query: facets.TopQuery, answer: [200, facets.TopFacets] });

/** What titles have in common, people's own lists, statistics, and what admins decide about titles. */
export const CATALOG_OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /api/v1/items': {
    summary: 'Titles of all libraries that have a genre, tag, person, studio or collection',
    query: items.ItemsQuery,
    answer: [200, items.ItemPage],
  },
  'GET /api/v1/items/:id/similar': { summary: 'Titles with much in common', answer: [200, items.ItemPage] },
  'GET /api/v1/items/:id/chapters/:chapter': {
    summary: 'The picture of a chapter, by its place',
    query: items.ChapterQuery,
    answer: [200, null],
  },
  'PUT /api/v1/items/:id/rating': {
    summary: 'Rate in ten steps, or take the rating back',
    body: items.RatingRequest,
    answer: [200, items.UserData],
  },
  'GET /api/v1/items/:id/metadata': {
    summary: 'What a title shows, and which of it an admin has set',
    answer: [200, curation.ItemMetadata],
  },
  'PUT /api/v1/items/:id/metadata': {
    summary: 'Set what holds against whatever files say; fields that are not named follow the files again',
    body: curation.ItemMetadataRequest,
    answer: [200, curation.ItemMetadata],
  },
  'POST /api/v1/items/:id/merge': {
    summary: 'Say that a title is another one',
    body: facets.MergeRequest,
    answer: [204, null],
  },
  'POST /api/v1/items/:id/split': { summary: 'Take a merged title out again', answer: [204, null] },
  'GET /api/v1/genres': list('All genres'),
  'GET /api/v1/tags': list('All tags'),
  'GET /api/v1/studios': list('All studios'),
  'GET /api/v1/collections': list('All collections'),
  'GET /api/v1/people': list('All people'),
  'GET /api/v1/people/:id': { summary: 'A person, and the episodes they are in', answer: [200, facets.Person] },
  'GET /api/v1/facets/:id': {
    summary: 'One genre, tag, person, studio or collection',
    answer: [200, facets.FacetEntry],
  },
  'GET /api/v1/traits': {
    summary: 'Codecs, languages and sites that titles can be filtered by',
    answer: [200, facets.Traits],
  },
  'GET /api/v1/users/me/history': {
    summary: 'What you watched to its end',
    query: PageQuery,
    answer: [200, facets.HistoryPage],
  },
  'GET /api/v1/users/me/favorites': { summary: 'Your favorites', query: PageQuery, answer: [200, items.ItemPage] },
  'GET /api/v1/playlists': { summary: 'Your playlists', answer: [200, facets.Playlists] },
  'POST /api/v1/playlists': {
    summary: 'Make a playlist',
    body: facets.CreatePlaylist,
    answer: [201, facets.Playlist],
  },
  'GET /api/v1/playlists/:id/items': { summary: 'What a playlist holds', answer: [200, items.ItemPage] },
  'PUT /api/v1/playlists/:id': {
    summary: 'Rename a playlist, or set what it holds',
    body: facets.PlaylistRequest,
    answer: [200, facets.Playlist],
  },
  'DELETE /api/v1/playlists/:id': { summary: 'Delete a playlist', answer: [204, null] },
  'GET /api/v1/stats/summary': {
    summary: 'How much was watched',
    query: facets.SummaryQuery,
    answer: [200, facets.StatsSummary],
  },
  'GET /api/v1/stats/top-items': {
    summary: 'The most watched titles',
    query: facets.TopQuery,
    answer: [200, facets.TopItems],
  },
  'GET /api/v1/stats/top-tags': top('The most watched tags'),
  'GET /api/v1/stats/top-genres': top('The most watched genres'),
  'GET /api/v1/stats/top-people': top('The most watched people'),
  'GET /api/v1/stats/top-studios': top('The most watched studios'),
  'GET /api/v1/stats/activity': {
    summary: 'Plays by day',
    query: facets.ActivityQuery,
    answer: [200, facets.Activity],
  },
  'GET /api/v1/users/:id/hidden': { summary: 'What is hidden from a person', answer: [200, facets.HiddenFacets] },
  'PUT /api/v1/users/:id/hidden': {
    summary: 'Hide genres, tags, people, studios or collections from a person, with all that has one',
    body: facets.HideRequest,
    answer: [200, facets.HiddenFacets],
  },
};
