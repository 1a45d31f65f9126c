import { listenForSignals } from '../system/signals.ts';

/** Why a run is stopped from outside. */
export type StopCause =
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'timeout'; readonly ms: number }
  /** Neither output nor a report for that long. */
  | { readonly kind: 'idle'; readonly ms: number };

/** How a run ended. */
export interface RunEnd {
  /** The agent's own code; 128 + n after a signal, 124 after our time limit. */
  readonly exitCode: number;
  readonly cause: StopCause | undefined;
  /** The container, or a process in it, was killed for memory. */
  readonly outOfMemory: boolean;
}

/** Listens for what ends a run before its agent does. */
export interface StopWatch {
  /** What came first; undefined: nothing yet. */
  readonly cause: () => StopCause | undefined;
  /** Resolves when something stops the run; `again` when a second signal is in a hurry. */
  readonly stopped: Promise<StopCause>;
  readonly again: Promise<void>;
  /** Stops the run for another cause. */
  stop(cause: StopCause): void;
  close(): void;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Watches for SIGINT, SIGTERM, SIGHUP (a closed terminal, a killed pane) and the time limit (ms). Signals in `ignored`
 * are taken and dropped: a Ctrl+C in the terminal is the agent's.
 */
export function watchForStop(
  timeoutMs: number | undefined,
  ignored: readonly NodeJS.Signals[] = [],
): StopWatch {
  let cause: StopCause | undefined;
  let stop: (cause: StopCause) => void = () => undefined;
  let hurry: () => void = () => undefined;
  const stopped = new Promise<StopCause>((resolve) => {
    stop = resolve;
  });
  const again = new Promise<void>((resolve) => {
    hurry = resolve;
  });
  const request = (next: StopCause) => {
    if (cause) hurry();
    else {
      cause = next;
      stop(next);
    }
  };
  const unlisten = listenForSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], (signal) => {
    if (!ignored.includes(signal)) request({ kind: 'signal', signal });
  });
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => request({ kind: 'timeout', ms: timeoutMs }), Math.min(timeoutMs, LONGEST_TIMER_MS));
  return {
    cause: () => cause,
    stopped,
    again,
    stop: request,
    close: () => {
      clearTimeout(timer);
      unlisten();
    },
  };
}

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGTERM: 15,
};

/** The exit code of a run that was stopped: 124, 129, 130, 143. */
export function findStopCode(cause: StopCause): number {
  return cause.kind === 'signal' ? findSignalCode(cause.signal) : 124;
}

/** 128 + n, as a shell gives it. */
export function findSignalCode(signal: string): number {
  return 128 + (SIGNAL_NUMBERS[signal] ?? 15);
}

/** Whether a promise settles within `ms`; leaves no timer behind that would keep the process. */
export async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
