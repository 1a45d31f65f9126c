import { setTimeout as delay } from 'node:timers/promises';

/** Time as an argument: milliseconds since the epoch, and a way to wait. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** The real clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => delay(ms),
};
