/** Tells whether a run still shows signs of life. */
export interface IdleWatch {
  /** Something was printed. */
  touch(): void;
  close(): void;
}

const LEAST_LOOK_MS = 200;

/**
 * Calls `onIdle` once when for `idleMs` nothing was touched and `readSize` (bytes of the reports) did not change:
 * agents that print only their answer report what they do meanwhile.
 */
export function watchIdle(idleMs: number, readSize: () => Promise<number>, onIdle: () => void): IdleWatch {
  let last = performance.now();
  let size = 0;
  const timer = setInterval(
    async () => {
      const now = await readSize().catch(() => size);
      if (now !== size) last = performance.now();
      size = now;
      if (performance.now() - last < idleMs) return;
      clearInterval(timer);
      onIdle();
    },
    Math.max(LEAST_LOOK_MS, Math.min(1000, idleMs / 10)),
  );
  return {
    touch: () => {
      last = performance.now();
    },
    close: () => clearInterval(timer),
  };
}
