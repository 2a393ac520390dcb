/**
 * What the edge keeps and is told: the stores, the limits and the secrets of wrangler.toml. Apart from its objects, since
 * these are made of what reads and writes here.
 */
export interface Bindings {
  DB: D1Database;
  /** Pictures under content-addressed names, so that the catalog can be browsed while every agent is off. */
  IMAGES: R2Bucket;
  /** Backups, apart from what people can ever be shown. */
  BACKUPS: R2Bucket;
  ASSETS: Fetcher;
  /** Hashes passwords elsewhere: 50 ms of argon2id on the thread that relays would stop every film. */
  PASSWORDS: Fetcher;
  /** Guesses of one name, or of a kind of code, from one network. */
  LOGIN_LIMIT: RateLimit;
  /** All guesses from one network; and of one name from everywhere. */
  GUESS_LIMIT: RateLimit;
  /** Requests that change something: of one person, or of one network where nobody is signed in. */
  CHANGE_LIMIT: RateLimit;
  /** Requests that read, of one account; and all of machines, from one network. */
  READ_LIMIT: RateLimit;
  /** 32 random bytes in base64url, from which every key is derived. */
  HEARTHCAST_SECRET: string;
  /** Guards the making of the first owner. */
  SETUP_CODE: string;
  /** Enrols one agent without an owner's word: the one that starts beside a local edge. */
  ENROLMENT_CODE?: string;
  SERVER_NAME?: string;
  /** `unproven` where clients can say themselves what address they have: then nobody is told apart by it. */
  ADDRESSES?: 'unproven';
  /** The public key (SPKI in base64) that the agent's release is signed with, for installers to pin. */
  RELEASE_KEY?: string;
  /** The signature (base64) over `/install/manifest.json` of this build. */
  RELEASE_SIGNATURE?: string;
}
