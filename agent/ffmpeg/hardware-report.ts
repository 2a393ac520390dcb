import type { Machine } from './capabilities.ts';
import type { MachineFacts } from './machine-facts.ts';

/** One thing that was found about the hardware, and what to do about it. */
export interface HardwareFinding {
  about: string;
  verdict: 'ok' | 'warning';
  said: string;
  advice: string | null;
}

/** Above this a processor slows itself down to stay whole. */
const HOT_CELSIUS = 90;
const GIGABYTE = 1024 ** 3;

/** What doctor says about the processor, the graphics cards, and each kind of chip that might encode. Pure. */
export function hardwareReport(
  machine: Pick<Machine, 'explanations' | 'power'>,
  facts: MachineFacts,
): HardwareFinding[] {
  return [
    processorFinding(facts),
    ...facts.cards.map(({ name, driver, memoryBytes, temperature }) => {
      const more = [
        ...(driver ? [`driver ${driver}`] : []),
        ...(memoryBytes ? [`${gigabytes(memoryBytes)} GB`] : []),
        ...(temperature ? [`${Math.round(temperature)} °C`] : []),
      ];
      return ok('graphics card', [name, ...more].join(', '));
    }),
    ...machine.explanations.map(({ title, explanation: { works, said, advice } }) =>
      works || advice === null ? ok(title, said) : { about: title, verdict: 'warning' as const, said, advice },
    ),
    ...tonemapFindings(machine),
  ];
}

function processorFinding({ processor, cores, memory, temperature }: MachineFacts): HardwareFinding {
  const free = memory
    ? [`${gigabytes(memory.availableBytes)} of ${gigabytes(memory.totalBytes)} GB of memory free`]
    : [];
  const heat = temperature ? [`${Math.round(temperature)} °C`] : [];
  const said = [`${processor}, ${cores} ${cores === 1 ? 'core' : 'cores'}`, ...free, ...heat].join(', ');
  if (temperature === null || temperature < HOT_CELSIUS) return ok('processor', said);
  return {
    about: 'processor',
    verdict: 'warning',
    said,
    advice: 'It is hot: clean its fan, or let fewer viewers transcode.',
  };
}

/** Where HDR is made fit for ordinary screens: it is what costs a processor most. */
function tonemapFindings({ power }: Pick<Machine, 'power'>): HardwareFinding[] {
  if (power.devices.some(({ tonemap }) => tonemap)) return [];
  if (power.placebo) return [ok('tone mapping', 'by the graphics card (Vulkan)')];
  return [ok('tone mapping', 'by the processor')];
}

const ok = (about: string, said: string): HardwareFinding => ({ about, verdict: 'ok', said, advice: null });
const gigabytes = (bytes: number) => (bytes / GIGABYTE).toFixed(1);
