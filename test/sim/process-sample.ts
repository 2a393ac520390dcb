import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What a process holds, by Linux's /proc. */
export interface ProcessSample {
  rssMiB: number;
  descriptors: number;
  sockets: number;
  /** Open files of media: one for each body that an agent sends. */
  films: number;
}

export function sampleProcess(pid: number): ProcessSample {
  const rssMiB = Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
  const targets = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      // Closed since the folder was read.
      return '';
    }
  });
  const count = (what: RegExp) => targets.filter((target) => what.test(target)).length;
  return { rssMiB, descriptors: targets.length, sockets: count(/^socket:/), films: count(/\.mp4$/) };
}

export function nameOf(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
}
