import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';

/** What has happened to the versions of a machine, for the launcher that tries a new one and for people. */
export interface VersionState {
  /** Set while a new version has not proved itself: where to go back to. */
  trial: { version: string; from: string; before: string | null } | null;
  /** Versions that did not come up here: not taken again by themselves. */
  refused: string[];
  previous: string | null;
  last: { what: 'updated' | 'rolled-back'; version: string; from: string; at: string } | null;
}

const NOTHING: VersionState = { trial: null, refused: [], previous: null, last: null };

/**
 * The versions folder: one folder a version, the link `current`, and what has happened. It imports nothing but
 * Node's own modules, since the launcher holds it for longer than any version lives.
 */
export class Versions {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  current(): string | null {
    try {
      return basename(readlinkSync(join(this.folder, 'current')));
    } catch {
      return null;
    }
  }

  /** In one step: there is no moment without a current version. */
  setCurrent(version: string): void {
    const temporary = join(this.folder, 'current.new');
    rmSync(temporary, { force: true });
    // A junction needs no privilege on Windows, and an absolute path.
    symlinkSync(process.platform === 'win32' ? join(this.folder, version) : version, temporary, 'junction');
    renameSync(temporary, join(this.folder, 'current'));
  }

  has(version: string): boolean {
    return this.all().includes(version);
  }

  all(): string[] {
    return readdirSync(this.folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && /^\d/.test(entry.name))
      .map((entry) => entry.name);
  }

  /** Puts a version's files into their place, whole or not at all. */
  store(version: string, files: Readonly<Record<string, Uint8Array>>): void {
    const temporary = join(this.folder, `.${version}.new`);
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(temporary, { recursive: true });
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(temporary, name), bytes, { flush: true });
    rmSync(join(this.folder, version), { recursive: true, force: true });
    renameSync(temporary, join(this.folder, version));
  }

  /** Removes all but the current version and the one before it. */
  tidy(): void {
    const { previous, trial } = this.state();
    const kept = [this.current(), previous, trial?.from, trial?.version];
    for (const version of this.all().filter((version) => !kept.includes(version))) {
      rmSync(join(this.folder, version), { recursive: true, force: true });
    }
  }

  state(): VersionState {
    try {
      return { ...NOTHING, ...(JSON.parse(readFileSync(join(this.folder, 'state.json'), 'utf8')) as VersionState) };
    } catch {
      return NOTHING;
    }
  }

  setState(change: Partial<VersionState>): void {
    const file = join(this.folder, 'state.json');
    writeFileSync(`${file}.new`, `${JSON.stringify({ ...this.state(), ...change }, null, 2)}\n`, { flush: true });
    renameSync(`${file}.new`, file);
  }

  /** The running version says that it has come up; the launcher looks for it. */
  markHealthy(version: string): void {
    writeFileSync(join(this.folder, 'healthy'), version);
  }

  clearHealthy(): void {
    rmSync(join(this.folder, 'healthy'), { force: true });
  }

  healthy(version: string): boolean {
    try {
      return readFileSync(join(this.folder, 'healthy'), 'utf8') === version;
    } catch {
      return false;
    }
  }

  /** Makes a stored version the current one, on trial: the launcher goes back if it does not come up. */
  begin(version: string): void {
    const from = this.current();
    const before = this.state().previous;
    this.setState({ trial: from && from !== version ? { version, from, before } : null, previous: from });
    this.setCurrent(version);
  }

  /** The version on trial has come up. */
  accept(now: string): void {
    const { trial, refused } = this.state();
    if (!trial) return;
    const { version, from } = trial;
    this.setState({
      trial: null,
      refused: refused.filter((other) => other !== version),
      last: { what: 'updated', version, from, at: now },
    });
    this.tidy();
  }

  /** The version on trial has not come up: the one before it is current again. */
  goBack(now: string): void {
    const { trial, refused } = this.state();
    if (!trial) return;
    const { version, from, before } = trial;
    this.setCurrent(from);
    this.setState({
      trial: null,
      refused: [...refused.filter((other) => other !== version), version],
      previous: before,
      last: { what: 'rolled-back', version: from, from: version, at: now },
    });
    this.tidy();
  }
}
