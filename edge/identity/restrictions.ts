/** What a person may see. Null is no limit. Owners and admins have none. */
export interface Restrictions {
  /** Sum of `2 ** bit` of the libraries that they see; compared in SQL with `lib_mask & ?`. */
  readonly libMask: number | null;
  /** Years of age up to which a rating is shown. */
  readonly maxAge: number | null;
}

/** What two limits leave together. */
export function narrower(a: Restrictions, b: Restrictions): Restrictions {
  return { libMask: both(a.libMask, b.libMask, common), maxAge: both(a.maxAge, b.maxAge, Math.min) };
}

const both = (a: number | null, b: number | null, meet: (a: number, b: number) => number) =>
  a === null ? b : b === null ? a : meet(a, b);

/** Not `&`: it ends at 32 bits, libraries at 53. */
const common = (a: number, b: number) => Number(BigInt(a) & BigInt(b));

export const UNRESTRICTED: Restrictions = { libMask: null, maxAge: null };
