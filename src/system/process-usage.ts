import { readFileSync } from 'node:fs';

/** What processes have used and hold. */
export interface Usage {
  /** Seconds of processor time since each began. */
  readonly cpuSeconds: number;
  /** Resident bytes; memory that processes share counts once for each. */
  readonly memory: number;
  readonly processes: number;
}

// What USER_HZ is on every Linux; the page is that of the processors we run on.
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** Sums up processes from /proc; those that have ended are left out. Undefined where there is no /proc. */
export function readUsage(pids: readonly number[]): Usage | undefined {
  if (readText('/proc/self/stat') === undefined) return undefined;
  const each = pids.flatMap((pid) => {
    const stat = readText(`/proc/${pid}/stat`);
    const statm = readText(`/proc/${pid}/statm`);
    if (stat === undefined || statm === undefined) return [];
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [
      {
        ticks: Number(fields[11]) + Number(fields[12]),
        pages: Number(statm.split(' ')[1]),
      },
    ];
  });
  return {
    cpuSeconds: each.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND,
    memory: each.reduce((sum, { pages }) => sum + pages, 0) * PAGE_BYTES,
    processes: each.length,
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
