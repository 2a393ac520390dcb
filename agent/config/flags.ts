/** Options as the command line gives them; each can come from the environment or the file instead. */
export interface Flags {
  config?: string | undefined;
  edge?: string | undefined;
  data?: string | undefined;
  root?: string[] | undefined;
  allow?: string[] | undefined;
  code?: string | undefined;
  name?: string | undefined;
  port?: string | undefined;
  directPort?: string | undefined;
  directListen?: string | undefined;
  directAddress?: string[] | undefined;
  directCertificate?: string | undefined;
  directKey?: string | undefined;
  cacheGb?: string | undefined;
  uplinkLimit?: string | undefined;
  rescanMinutes?: string | undefined;
  transcodeSlots?: string | undefined;
  softwareCodecs?: string | undefined;
  followLinks?: boolean | undefined;
  exitWithParent?: boolean | undefined;
  json?: boolean | undefined;
  logLevel?: string | undefined;
  logFile?: string | undefined;
}
