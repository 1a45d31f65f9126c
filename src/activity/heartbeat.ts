import { isSameProcessAlive, signalProcess } from '../system/process-table.ts';
import { formatCommand } from '../tmux/quote.ts';

/** A monitor's sign of life in the tmux server: `<pid> <start time> <version> <ms>`. */
export interface Heartbeat {
  readonly pid: number;
  readonly startTime: string;
  readonly version: string;
  /** ms since the epoch */
  readonly at: number;
}

/** A heartbeat older than this counts for nothing. */
export const HEARTBEAT_MS = 6_000;

/** Reads the option; undefined when there is none or it is not one. */
export function parseHeartbeat(text: string): Heartbeat | undefined {
  const match = /^(\d+) (\S+) (\S+) (\d+)$/.exec(text);
  if (!match) return undefined;
  const [, pid = '', startTime = '', version = '', at = ''] = match;
  return { pid: Number(pid), startTime: startTime === '-' ? '' : startTime, version, at: Number(at) };
}

/** The option's text. */
export function formatHeartbeat(beat: Heartbeat): string {
  return `${beat.pid} ${beat.startTime || '-'} ${beat.version} ${beat.at}`;
}

/** Whether a monitor has spoken lately, `now` in ms, and has not been killed since. */
export function isBeating(beat: Heartbeat | undefined, now: number): beat is Heartbeat {
  if (beat === undefined || Math.abs(now - beat.at) >= HEARTBEAT_MS) return false;
  return isSameProcessAlive(beat.pid, beat.startTime);
}

/** Asks a monitor to look now, and often for some seconds. To a monitor that does not know it the signal is nothing. */
export function nudgeMonitor({ pid, startTime }: Heartbeat): void {
  if (isSameProcessAlive(pid, startTime)) signalProcess(pid, 'SIGCONT');
}

/** Sets the heartbeat while it is still this monitor's own. */
export function formatNextBeat(self: Omit<Heartbeat, 'at'>, after: string): string {
  const mine = formatHeartbeat({ ...self, at: 0 }).replace(/0$/, '*');
  return formatCommand([
    'if-shell',
    '-F',
    `#{m:${mine},#{@adr_monitor}}`,
    formatCommand(['set-option', '-s', '@adr_monitor', after]),
  ]);
}

/** Sets the heartbeat only where `before` still stands: the test and the set are one step inside the server. */
export function formatBeat(before: string, after: string): string {
  return formatCommand([
    'if-shell',
    '-F',
    `#{==:#{@adr_monitor},${before}}`,
    formatCommand(['set-option', '-s', '@adr_monitor', after]),
  ]);
}
