import { startWorker } from './worker-process.ts';

/** A real edge in workerd on a port of its own, with the real AgentLink and a plain viewer's way to it. */
export interface TestEdge extends AsyncDisposable {
  readonly origin: string;
  /** Where the Worker's heap can be looked at, when it was started so. */
  readonly inspector?: URL | null;
  /** A code that enrols one agent. */
  enrolmentCode(): Promise<string>;
}

export async function startEdge({ inspect = false }: { inspect?: boolean } = {}): Promise<TestEdge> {
  const worker = await startWorker('test/fakes/edge-worker.ts', { inspect });
  return { ...worker, inspector: inspect ? await worker.miniflare.getInspectorURL() : null };
}
