import type { StreamMemory } from './memory.ts';
import { fingerprint } from './normalise-screen.ts';
import type { ScreenReading } from './types.ts';

/** So many changes in a row are a reply that streams; one alone is a message. */
export const STREAM_CHANGES = 2;
/** How long a streaming reply may pause (ms): longer than two looks are apart. */
const STREAM_PAUSE = 3_500;

/** Follows the last line above an empty composer. What comes after a busy sign is taken for its reply. */
export function trackStream(
  before: StreamMemory | undefined,
  reading: ScreenReading | undefined,
  at: number,
): StreamMemory | undefined {
  if (reading?.busy !== undefined) return { print: '', changedAt: at, changes: STREAM_CHANGES - 1 };
  if (reading?.stream === undefined) return undefined;
  const print = fingerprint(reading.stream);
  if (before === undefined) return { print, changedAt: at, changes: 0 };
  if (before.print !== print) return { print, changedAt: at, changes: before.changes + 1 };
  return at - before.changedAt < STREAM_PAUSE ? before : { ...before, changes: 0 };
}
