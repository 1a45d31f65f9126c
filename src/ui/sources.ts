import type { Size } from './plan-layout.ts';

/** A value from outside that changes, in the shape `useSyncExternalStore` reads. */
export interface Source<Value> {
  get(): Value;
  subscribe(listener: () => void): () => void;
}

/** The time in ms, a new value once a second while somebody looks. */
export function createClockSource(now: () => number): Source<number> {
  let value = now();
  return {
    get: () => value,
    subscribe: (listener) => {
      const timer = setInterval(() => {
        value = now();
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
