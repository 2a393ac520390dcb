import { availableParallelism } from 'node:os';

/** The start must not wait for a tool that lists graphics cards. */
const TIMEOUT_MS = 2_000;
const MAX_CARDS = 16;
const MAX_NAME = 200;

/** What doctor says of a machine, where the system tells. */
export interface MachineFacts {
  processor: string;
  cores: number;
  memory: { totalBytes: number; availableBytes: number } | null;
  /** Degrees Celsius of the processor. */
  temperature: number | null;
  cards: { name: string; driver: string | null; memoryBytes: number | null; temperature: number | null }[];
}

/** Names of the graphics cards. Never rejects. */
export async function graphicsCards(): Promise<string[]> {
  return (await cards()).map(({ name }) => name);
}

/** Never rejects: what cannot be found out is null, or absent. */
export async function machineFacts(): Promise<MachineFacts> {
  const { cpu, mem, cpuTemperature } = await import('systeminformation');
  const [processor, memory, heat, found] = await Promise.all([
    inTime(cpu()),
    inTime(mem()),
    inTime(cpuTemperature()),
    cards(),
  ]);
  return {
    processor: `${processor?.manufacturer ?? ''} ${processor?.brand ?? ''}`.trim() || 'processor',
    cores: availableParallelism(),
    memory: memory && memory.total > 0 ? { totalBytes: memory.total, availableBytes: memory.available } : null,
    temperature: positive(heat?.main),
    cards: found,
  };
}

/** The library is loaded only here: it costs 20 ms of the start otherwise. */
async function cards(): Promise<MachineFacts['cards']> {
  const { graphics } = await import('systeminformation');
  const found = await inTime(graphics());
  return (found?.controllers ?? [])
    .map(({ vendor, model, driverVersion, memoryTotal, temperatureGpu }) => ({
      name: `${vendor} ${model}`.trim().slice(0, MAX_NAME),
      driver: driverVersion || null,
      memoryBytes: positive(memoryTotal) === null ? null : (memoryTotal as number) * 1024 ** 2,
      temperature: positive(temperatureGpu),
    }))
    .filter(({ name }) => name.length > 0)
    .slice(0, MAX_CARDS);
}

const positive = (value: number | null | undefined) => (value && value > 0 ? value : null);

async function inTime<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
