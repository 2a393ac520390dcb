import type { DirectAddress } from '../../shared/protocol/direct.ts';

/** The version of what one AgentLink stores. Code reads this version and the one before. */
const STORAGE_VERSION = 1;

interface Enrolled {
  agentId: string;
  publicKey: string;
}

/** What an AgentLink keeps across evictions: whom it is for, tokens that were used, and what people were told. */
export class LinkStorage {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Null for an object that was never enrolled, or whose agent was removed. */
  enrolled(): Enrolled | null {
    return this.#storage.kv.get<Enrolled>('enrolled') ?? null;
  }

  enrol(enrolled: Enrolled): void {
    this.#storage.kv.put('version', STORAGE_VERSION);
    this.#storage.kv.put('enrolled', enrolled);
    this.#storage.sql.exec(
      'CREATE TABLE IF NOT EXISTS used_token (jti TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) WITHOUT ROWID',
    );
  }

  /**
   * Marks a token as used until its nonce expires; false when it was used before. Only tokens with a good
   * signature come here, and each needs a nonce, so the table stays small.
   */
  spendToken(jti: string, expiresAt: number, now: number): boolean {
    this.#storage.sql.exec('DELETE FROM used_token WHERE expires_at <= ?', now);
    const made = this.#storage.sql.exec(
      'INSERT INTO used_token (jti, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING jti',
      jti,
      expiresAt,
    );
    return made.toArray().length === 1;
  }

  /** A number that rises with each socket of this agent. */
  nextSerial(): number {
    const serial = (this.#storage.kv.get<number>('serial') ?? 0) + 1;
    this.#storage.kv.put('serial', serial);
    return serial;
  }

  /** What the agent's line was last seen to carry, in bytes a second; null before it was busy for a while. */
  uplink(): number | null {
    return this.#storage.kv.get<number>('uplink') ?? null;
  }

  setUplink(bytesPerSecond: number): void {
    this.#storage.kv.put('uplink', bytesPerSecond);
  }

  /** Where viewers may come to the agent itself, by its last hello; empty is nowhere. */
  directAddresses(): DirectAddress[] {
    return this.#storage.kv.get<DirectAddress[]>('direct') ?? [];
  }

  setDirectAddresses(addresses: DirectAddress[]): void {
    this.#storage.kv.put('direct', addresses);
  }

  /** Whether an admin lets viewers go there; they do unless one said no. */
  directAllowed(): boolean {
    return this.#storage.kv.get<boolean>('direct-allowed') ?? true;
  }

  setDirectAllowed(allowed: boolean): void {
    this.#storage.kv.put('direct-allowed', allowed);
  }

  /** What people were last told, and when the last ready socket closed. */
  presence(): { online: boolean; closedAt: number | null } {
    return this.#storage.kv.get('presence') ?? { online: false, closedAt: null };
  }

  setPresence(presence: { online: boolean; closedAt: number | null }): void {
    this.#storage.kv.put('presence', presence);
  }
}
