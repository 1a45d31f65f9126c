import type { RecordedFrame } from '../../../src/activity/recording.ts';
import type { State } from '../../../src/activity/types.ts';

const ROUND_S = 3;

/** What most tools do: a screen that is the same over two rounds of 3 s is STALLED, any other RUNNING. */
export function judgeNaively(frames: readonly RecordedFrame[]): readonly State[] {
  let changedAt = frames[0]?.t ?? 0;
  return frames.map((frame, index) => {
    const before = frames[index - 1];
    if (before !== undefined && before.screen !== frame.screen) changedAt = frame.t;
    return frame.t - changedAt >= 2 * ROUND_S ? 'STALLED' : 'RUNNING';
  });
}
