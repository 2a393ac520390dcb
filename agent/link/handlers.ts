import type { ErrorCode } from '../../shared/errors.ts';
import type { CallAnswer, CallMethod, CallParams } from '../../shared/protocol/calls.ts';
import type { Capabilities, OpenSession, RootInfo } from '../../shared/protocol/capabilities.ts';
import type { DirectAnnouncement } from '../../shared/protocol/direct.ts';
import type { ByteRange, FailureClass, Resource } from '../../shared/protocol/resources.ts';

/** A byte request as it came over the link, parsed. */
export interface ByteRequest {
  session: string | null;
  generation: number;
  resource: Resource;
  range: ByteRange | null;
}

/** What answers it: bytes in memory, or a slice of a file that the link reads itself. */
export interface ByteAnswer {
  contentType: string;
  etag: string | null;
  body: Uint8Array | FileSlice;
}

export interface FileSlice {
  path: string;
  /** First byte and one past the last. */
  start: number;
  end: number;
  /** Of the whole file. */
  size: number;
}

/** A refusal with its class, which decides whether the session moves. */
export class AgentFailure extends Error {
  readonly class: FailureClass;
  readonly code: ErrorCode;

  constructor(failureClass: FailureClass, code: ErrorCode, detail: string) {
    super(detail);
    this.name = 'AgentFailure';
    this.class = failureClass;
    this.code = code;
  }
}

/** What the link asks of the rest of the agent. */
export interface LinkHandlers {
  /** For the hello. */
  state(): {
    capabilities: Capabilities;
    roots: RootInfo[];
    sessions: OpenSession[];
    direct?: DirectAnnouncement;
  };
  /**
   * The edge has welcomed this agent: its clock, and its keys for direct tickets and for tickets of this agent's files,
   * where it gave them.
   */
  linked?(welcome: { now: number; directKey: string | null; readKey: string | null }): void;
  /** The socket is gone. */
  unlinked?(): void;
  /** Answers a call, or throws an AgentFailure. */
  call<M extends CallMethod>(method: M, params: CallParams<M>, signal: AbortSignal): Promise<CallAnswer<M>>;
  /** Answers a byte request, or throws an AgentFailure; the signal aborts when the viewer has left. */
  bytes(request: ByteRequest, signal: AbortSignal): Promise<ByteAnswer>;
}
