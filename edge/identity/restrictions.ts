/** What a person may see. Null is no limit. Owners and admins have none. */
export interface Restrictions {
  /** Sum of `2 ** bit` of the libraries that they see; compared in SQL with `lib_mask & ?`. */
  readonly libMask: number | null;
  /** Years of age up to which a rating is shown. */
  readonly maxAge: number | null;
}

export const UNRESTRICTED: Restrictions = { libMask: null, maxAge: null };
