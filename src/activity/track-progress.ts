import type { ScreenSigns } from '../agents/types.ts';
import { hasNewWords, printWords } from './find-progress.ts';
import type { ActivityLimits, ActivityMemory } from './memory.ts';
import { fingerprint, normaliseScreen } from './normalise-screen.ts';
import { trackStream } from './track-stream.ts';
import type { Observation, ScreenReading } from './types.ts';

/** How long after a resize a change of the screen may still be its redrawing (ms). */
const REDRAW_AFTER_RESIZE = 2_000;

/**
 * Notes what changed since the look before: the time of progress, how long it has been quiet. Progress is a report, or
 * something new on the screen; what only moves, goes away or counts is none.
 */
export function trackProgress(
  memory: ActivityMemory,
  observation: Observation,
  context: {
    readonly signs: ScreenSigns | undefined;
    readonly reading: ScreenReading | undefined;
    readonly limits: ActivityLimits;
  },
): ActivityMemory {
  const { signs, reading, limits } = context;
  const { at, size, events } = observation;
  const countdown = reading?.retrying === undefined ? '' : (reading.evidence.retrying ?? '');
  const text = normaliseScreen(signs, observation.screen, reading?.dialogLine);
  const print = fingerprint(`${countdown}\n${text}`);
  const words = printWords(`${text}\n${countdown}`);
  const resizedAt = memory.size !== undefined && memory.size !== size ? at : memory.resizedAt;
  const redrawn = resizedAt !== undefined && at - resizedAt <= REDRAW_AFTER_RESIZE;
  const changed = memory.print !== undefined && memory.print !== print && !redrawn;
  const atWork = memory.verdict?.state === 'RUNNING' || memory.verdict?.state === 'STALLED';
  // Work that begins is news, even where no new word has room on a small screen.
  const begins = memory.verdict !== undefined && !atWork && reading?.busy !== undefined;
  const goesOn = begins || (changed && (memory.words === undefined || hasNewWords(memory.words, words)));
  const gap = Math.max(0, at - (memory.lookedAt ?? at));
  const reportedAt = Math.min(events.at(-1)?.at ?? 0, at);
  return {
    ...memory,
    print,
    words,
    size,
    resizedAt,
    lookedAt: at,
    ready: memory.ready || reading?.composer !== undefined || reading?.view !== undefined,
    stream: trackStream(redrawn ? undefined : memory.stream, reading, at),
    ...((memory.titled || reading?.titled) && { titled: true }),
    progressAt: Math.max(memory.progressAt, goesOn ? at : 0, reportedAt),
    quietFor: goesOn || events.length > 0 ? 0 : memory.quietFor + Math.min(gap, limits.maxGap),
    stillFor: changed ? 0 : memory.stillFor + Math.min(gap, limits.checkEvery),
    restSince: changed ? undefined : memory.restSince,
  };
}
