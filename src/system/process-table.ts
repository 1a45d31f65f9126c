import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * A process's start time in clock ticks since boot (field 22 of `/proc/PID/stat`), which with the pid names a
 * process for good; undefined when it is gone or the system has no /proc.
 */
export function readStartTime(pid: number): string | undefined {
  const fields = readStat(pid);
  // A zombie has ended: nobody is left who could clean up.
  return fields && fields[0] !== 'Z' ? fields[19] : undefined;
}

/** Id of this boot; pids and start times mean nothing across boots. Empty where the system has none. */
export function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** Inode of this process's pid namespace: the same pid means another process in another one. Empty: unknown. */
export function readPidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';
  } catch {
    return '';
  }
}

/** Pids from this process up to the first one of all, this one first. */
export function listAncestors(): readonly number[] {
  const pids: number[] = [];
  for (let pid = process.pid; pid > 0 && !pids.includes(pid); ) {
    pids.push(pid);
    pid = Number(readStat(pid)?.[1] ?? 0);
  }
  return pids;
}

/** Sends a signal; a process that has ended meanwhile is fine. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Ended in between, or not ours.
  }
}

/** Whether the process that was `pid` at `startTime` (empty: unknown) still lives. */
export function isSameProcessAlive(pid: number, startTime: string): boolean {
  const now = readStartTime(pid);
  if (now !== undefined) return startTime === '' || now === startTime;
  if (startTime !== '') return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A variable of a process's initial environment; undefined: it has none, is gone, or is not ours to look at. */
export function readVariable(pid: number, name: string): string | undefined {
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return entries.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
  } catch {
    return undefined;
  }
}

/** Pids whose initial environment holds `NAME=value`: everything a run started, however it detached itself. */
export function findProcessesByEnvironment(name: string, value: string): readonly number[] {
  const wanted = `${name}=${value}`;
  return listPids().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(wanted);
    } catch {
      return false;
    }
  });
}

function listPids(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Fields of `/proc/PID/stat` after the command name (which may hold blanks and brackets). */
function readStat(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
