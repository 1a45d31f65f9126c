import type { Clock } from '../system/clock.ts';

/** A wait between two ticks that a report, a question of somebody, or the end can cut short. */
export interface MonitorBell {
  /** Something happened: tick soon. */
  readonly ring: () => void;
  /** Somebody waits for a change: tick now, and often for a while. */
  readonly hurry: () => void;
  /** How long to wait when nothing happens: `usual`, or less while somebody waits. */
  choosePace(usual: number): number;
  /** Waits `ms`, at least `leastMs` however often it is rung. */
  wait(ms: number, leastMs: number): Promise<void>;
}

const HURRY_MS = 5_000;
const HURRIED_TICK_MS = 300;

/** Makes a bell that also rings when `signal` fires. */
export function createBell(clock: Clock, signal: AbortSignal): MonitorBell {
  let wake: () => void = () => undefined;
  let rung = false;
  let hurriedUntil = 0;
  const ring = (): void => {
    rung = true;
    wake();
  };
  signal.addEventListener('abort', ring, { once: true });
  return {
    ring,
    hurry: () => {
      const first = clock.now() >= hurriedUntil;
      hurriedUntil = clock.now() + HURRY_MS;
      if (first) ring();
    },
    choosePace: (usual) => (clock.now() < hurriedUntil ? Math.min(usual, HURRIED_TICK_MS) : usual),
    wait: async (ms, leastMs) => {
      const deadline = clock.now() + ms;
      await clock.sleep(Math.min(ms, leastMs));
      // Short sleeps, so that no long one is left behind when a report comes first.
      while (!rung && clock.now() < deadline) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await Promise.race([woken, clock.sleep(Math.min(500, deadline - clock.now()))]);
      }
      rung = false;
    },
  };
}
