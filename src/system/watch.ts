import { type FSWatcher, watch } from 'node:fs';

/** Calls `onChange` when something in a directory changes. A directory that is gone is watched no more. */
export function watchDirectory(path: string, onChange: () => void): { close(): void } {
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(path, { persistent: false }, onChange);
    watcher.on('error', () => watcher?.close());
  } catch {
    // Not there, or no watches left: the regular look sees what it misses.
  }
  return { close: () => watcher?.close() };
}
