import * as keys from '../../shared/api/api-keys.ts';
import * as audit from '../../shared/api/audit.ts';
import * as auth from '../../shared/api/auth.ts';
import * as backups from '../../shared/api/backups.ts';
import * as items from '../../shared/api/items.ts';
import * as libraries from '../../shared/api/libraries.ts';
import { PageQuery } from '../../shared/api/paging.ts';
import * as pairing from '../../shared/api/pairing.ts';
import * as profiles from '../../shared/api/profiles.ts';
import * as settings from '../../shared/api/settings.ts';
import { RotatedKey } from '../../shared/api/signing-keys.ts';
import * as users from '../../shared/api/users.ts';
import { CATALOG_OPERATIONS } from './catalog-operations.ts';
import type { Operation } from './operation.ts';
import { PLAYBACK_OPERATIONS } from './playback-operations.ts';
import { SCAN_OPERATIONS } from './scan-operations.ts';

/** The routes for viewers' and owners' clients, by method and path of the policy. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /api/v1/openapi.json': { summary: 'This document', answer: [200, null] },
  'GET /api/v1/server': { summary: 'What a client must know before it signs in', answer: [200, auth.ServerInfo] },
  'POST /api/v1/auth/setup': {
    summary: 'Make the first owner, while there is no user',
    body: auth.SetupRequest,
    answer: [201, auth.SignedIn],
  },
  'POST /api/v1/auth/login': { summary: 'Sign in', body: auth.LoginRequest, answer: [200, auth.SignedIn] },
  'POST /api/v1/auth/refresh': {
    summary: 'Exchange the refresh token, of the body or the cookie, for new tokens',
    body: auth.RefreshRequest,
    answer: [200, auth.SignedIn],
  },
  'POST /api/v1/auth/logout': { summary: 'Sign out', body: auth.RefreshRequest, answer: [204, null] },
  'POST /api/v1/auth/reset': {
    summary: 'Set a new password with a one-time code',
    body: users.ResetPassword,
    answer: [204, null],
  },
  'POST /api/v1/auth/invitation': {
    summary: 'What an invitation offers',
    body: users.InvitationCode,
    answer: [200, users.InvitationOffer],
  },
  'POST /api/v1/auth/join': {
    summary: 'Make an account with an invitation',
    body: users.JoinRequest,
    answer: [201, auth.SignedIn],
  },
  'POST /api/v1/auth/device': {
    summary: 'A television asks to be let in',
    body: pairing.StartPairing,
    answer: [201, pairing.Pairing],
  },
  'POST /api/v1/auth/device/token': {
    summary: 'A television asks whether it has been let in; 202 while it has not',
    body: pairing.PollPairing,
    answer: [200, auth.SignedIn],
  },
  'POST /api/v1/auth/device/show': {
    summary: 'Which device waits with a code',
    body: pairing.PairingCode,
    answer: [200, pairing.PairingDevice],
  },
  'POST /api/v1/auth/device/approve': {
    summary: 'Let the device in that waits with a code',
    body: pairing.PairingCode,
    answer: [204, null],
  },

  'GET /api/v1/users/me': { summary: 'Who is signed in', answer: [200, auth.Me] },
  'PUT /api/v1/users/me/password': {
    summary: 'Change the password; other devices are signed out',
    body: users.ChangePassword,
    answer: [204, null],
  },
  'GET /api/v1/users/me/sessions': { summary: 'Where one is signed in', answer: [200, users.Devices] },
  'DELETE /api/v1/users/me/sessions': { summary: 'Sign out everywhere', answer: [204, null] },
  'DELETE /api/v1/users/me/sessions/:id': { summary: 'Sign out one device', answer: [204, null] },
  'GET /api/v1/profiles': { summary: 'Those who share one’s account', answer: [200, profiles.Profiles] },
  'POST /api/v1/profiles': {
    summary: 'Make a profile',
    body: profiles.CreateProfile,
    answer: [201, profiles.Profile],
  },
  'PUT /api/v1/profiles/:id': {
    summary: 'Set what a profile is called and may see',
    body: profiles.ChangeProfile,
    answer: [200, profiles.Profile],
  },
  'DELETE /api/v1/profiles/:id': { summary: 'Delete a profile and what is its own', answer: [204, null] },
  'PUT /api/v1/profiles/:id/pin': {
    summary: 'Set the PIN of a profile, or take it away',
    body: profiles.SetPin,
    answer: [200, profiles.Profile],
  },
  'POST /api/v1/profiles/:id/open': {
    summary: 'Go on in a profile; the sign-in of before ends',
    body: profiles.OpenProfile,
    answer: [200, auth.SignedIn],
  },
  'GET /api/v1/users': { summary: 'Everybody', answer: [200, users.People] },
  'POST /api/v1/users': { summary: 'Make an account', body: users.CreatePerson, answer: [201, users.Person] },
  'PUT /api/v1/users/:id': {
    summary: 'Set role, libraries, and whether the account is on',
    body: users.ChangePerson,
    answer: [200, users.Person],
  },
  'DELETE /api/v1/users/:id': { summary: 'Delete a person and what is theirs', answer: [204, null] },
  'POST /api/v1/users/:id/reset': {
    summary: 'A one-time code by which a person sets a new password',
    answer: [201, users.ResetCode],
  },
  'POST /api/v1/users/:id/see-as': {
    summary: 'See the catalog as somebody else: the word goes with requests that read, as `hearthcast-see-as`',
    answer: [201, users.SeeAs],
  },
  'GET /api/v1/users/:id/sessions': { summary: 'Where a person is signed in', answer: [200, users.Devices] },
  'DELETE /api/v1/users/:id/sessions': { summary: 'Sign a person out everywhere', answer: [204, null] },
  'GET /api/v1/invitations': { summary: 'The newest invitations', answer: [200, users.Invitations] },
  'POST /api/v1/invitations': {
    summary: 'Invite somebody',
    body: users.CreateInvitation,
    answer: [201, users.CreatedInvitation],
  },
  'DELETE /api/v1/invitations/:id': { summary: 'Revoke an invitation', answer: [204, null] },
  'GET /api/v1/api-keys': { summary: 'One’s own API keys', answer: [200, keys.ApiKeys] },
  'POST /api/v1/api-keys': {
    summary: 'Make an API key, which is shown this once',
    body: keys.CreateApiKey,
    answer: [201, keys.CreatedApiKey],
  },
  'DELETE /api/v1/api-keys/:id': { summary: 'End an API key', answer: [204, null] },
  'GET /api/v1/audit': { summary: 'Who did what', query: audit.AuditQuery, answer: [200, audit.AuditPage] },
  'GET /api/v1/audit/export': {
    summary: 'Who did what, as CSV or JSON lines',
    query: audit.AuditExportQuery,
    answer: [200, null],
  },
  'GET /api/v1/backups': { summary: 'The backups that are kept', answer: [200, backups.Backups] },
  'POST /api/v1/backups': { summary: 'Make a backup', answer: [201, backups.Backup] },
  'GET /api/v1/backups/now': { summary: 'A backup made on the spot, as a file', answer: [200, null] },
  'GET /api/v1/backups/:id/file': { summary: 'The file of a backup', answer: [200, null] },
  'DELETE /api/v1/backups/:id': { summary: 'Delete a backup', answer: [204, null] },
  'POST /api/v1/restore': {
    summary: 'Bring a backup back into a deployment without people; the body is its file',
    answer: [200, backups.Restored],
  },
  'GET /api/v1/settings': { summary: 'What is decided for the whole deployment', answer: [200, settings.Settings] },
  'PUT /api/v1/settings': {
    summary: 'Decide some of it',
    body: settings.ChangeSettings,
    answer: [200, settings.Settings],
  },
  'POST /api/v1/signing-keys': {
    summary: 'Rotate the key that signs access tokens',
    answer: [201, RotatedKey],
  },

  'GET /api/v1/libraries': { summary: 'All libraries', answer: [200, libraries.Libraries] },
  'POST /api/v1/libraries': {
    summary: 'Make a library, with folders that machines share already or without any',
    body: libraries.CreateLibrary,
    answer: [201, libraries.LibraryMade],
  },
  'PUT /api/v1/libraries/:id': {
    summary: 'Rename a library, and take folders of others into it',
    body: libraries.ChangeLibrary,
    answer: [204, null],
  },
  'DELETE /api/v1/libraries/:id': {
    summary: 'Delete a library: its folders are shared no more, no file is touched, what people watched is kept',
    answer: [204, null],
  },
  'GET /api/v1/libraries/:id/items': {
    summary: 'What a library shows, a page at a time',
    query: items.ItemsQuery,
    answer: [200, items.ItemPage],
  },
  'GET /api/v1/libraries/:id/problems': {
    summary: 'Files of a library that cannot be shown, and why',
    query: PageQuery,
    answer: [200, libraries.LibraryProblems],
  },
  ...SCAN_OPERATIONS,
  'GET /api/v1/items/:id': { summary: 'All about an item', answer: [200, items.ItemDetail] },
  'GET /api/v1/items/:id/children': {
    summary: 'Seasons of a series, episodes of a season',
    query: PageQuery,
    answer: [200, items.ItemPage],
  },
  'PUT /api/v1/items/:id/played': {
    summary: 'Mark as played or not',
    body: items.PlayedRequest,
    answer: [200, items.UserData],
  },
  'PUT /api/v1/items/:id/favorite': {
    summary: 'Mark as a favorite or not',
    body: items.FavoriteRequest,
    answer: [200, items.UserData],
  },
  ...CATALOG_OPERATIONS,
  'GET /api/v1/home': { summary: 'What to watch next', answer: [200, items.Home] },
  'GET /api/v1/search': { summary: 'Find items by words', query: items.SearchQuery, answer: [200, items.SearchAnswer] },
  'GET /api/v1/images/:id': { summary: 'A picture, scaled to the width `w`', answer: [200, null] },

  'GET /api/v1/events': { summary: 'Events, over a WebSocket', answer: [101, null] },
  ...PLAYBACK_OPERATIONS,
};
