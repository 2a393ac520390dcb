/** The edge that a library is sent to. */
export interface SyncTarget {
  /** Origin of the edge. */
  edge: string;
  /** A fresh token of this agent. */
  token(): Promise<string>;
}
