import type { Size } from './plan-layout.ts';

/** A value from outside that changes, in the shape `useSyncExternalStore` reads. */
export interface Source<Value> {
  get(): Value;
  subscribe(listener: () => void): () => void;
}

/** While nothing that is shown is counted in seconds. */
const COARSE_MS = 10_000;

/** The time in ms while somebody looks: a new value once a second while `isFine`, else every ten seconds. */
export function createClockSource(now: () => number, isFine: (now: number) => boolean): Source<number> {
  let value = now();
  return {
    get: () => value,
    subscribe: (listener) => {
      const timer = setInterval(() => {
        const next = now();
        if (next - value < COARSE_MS && next >= value && !isFine(next)) return;
        value = next;
        listener();
      }, 1000);
      return () => clearInterval(timer);
    },
  };
}

/** A value that never changes. */
export function createFixedSource<Value>(value: Value): Source<Value> {
  return { get: () => value, subscribe: () => () => undefined };
}

/** The part of a terminal that tells its size. */
export interface SizedStream {
  readonly columns?: number;
  readonly rows?: number;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** The size of a terminal. `onResize` is called before the listeners. */
export function createSizeSource(stream: SizedStream, onResize: () => void): Source<Size> {
  const read = (): Size => ({ columns: stream.columns || 80, rows: stream.rows || 24 });
  let value = read();
  return {
    get: () => value,
    subscribe: (listener) => {
      const onChange = (): void => {
        value = read();
        onResize();
        listener();
      };
      stream.on('resize', onChange);
      return () => stream.off('resize', onChange);
    },
  };
}
