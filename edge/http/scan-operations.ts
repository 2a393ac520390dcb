import { ScanStarted } from '../../shared/api/libraries.ts';
import * as scans from '../../shared/api/scans.ts';
import type { Operation } from './operation.ts';

/** Scans: what they did, and who may ask for one. */
export const SCAN_OPERATIONS: Readonly<Record<string, Operation>> = {
  'POST /api/v1/libraries/:id/scan': {
    summary: 'Scan a library now',
    body: scans.StartScan,
    answer: [200, ScanStarted],
  },
  'POST /api/v1/libraries/:id/scan/stop': { summary: 'Stop the scans of a library', answer: [200, scans.ScanStopped] },
  'PUT /api/v1/libraries/:id/settings': {
    summary: 'Set how often a library is looked at again',
    body: scans.LibrarySettings,
    answer: [204, null],
  },
  'GET /api/v1/scan-runs': {
    summary: 'What scans did, the newest first',
    query: scans.ScanRunsQuery,
    answer: [200, scans.ScanRuns],
  },
  'GET /api/v1/scan-hooks': { summary: 'Addresses by which programs ask for a scan', answer: [200, scans.ScanHooks] },
  'POST /api/v1/scan-hooks': {
    summary: 'Make an address for a program, which is shown this once',
    body: scans.CreateScanHook,
    answer: [201, scans.CreatedScanHook],
  },
  'DELETE /api/v1/scan-hooks/:id': { summary: 'Revoke an address', answer: [204, null] },
  'POST /api/v1/hooks/scan/:token': {
    summary: 'Ask for a scan; the address is the secret, and `?full=true` looks into every folder',
    answer: [200, ScanStarted],
  },
};
