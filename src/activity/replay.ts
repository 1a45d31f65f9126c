import type { ScreenSigns } from '../agents/types.ts';
import { type ActivityLimits, initialMemory } from './memory.ts';
import type { Recording } from './recording.ts';
import { stepActivity } from './step-activity.ts';
import type { Verdict } from './types.ts';

export interface ReplayedFrame extends Pick<Verdict, 'state' | 'reason' | 'rule' | 'evidence' | 'witness'> {
  readonly t: number;
}

/** The verdict on every frame, oldest first; `signs` undefined: an unknown agent type. */
export function replayRecording(
  recording: Recording,
  signs: ScreenSigns | undefined,
  limits?: Partial<ActivityLimits>,
): readonly ReplayedFrame[] {
  let memory = initialMemory((recording.started ?? recording.frames[0]?.t ?? 0) * 1000);
  let reports = recording.reports ?? [];
  return recording.frames.map((frame) => {
    const at = frame.t * 1000;
    const events = reports.filter((event) => event.at <= at);
    reports = reports.filter((event) => event.at > at);
    const { title, dead, exit, screen } = frame;
    const size = frame.size ?? recording.size;
    const step = stepActivity(memory, { at, screen, title, size, dead, exit, events }, { signs, limits });
    memory = step.memory;
    const { state, reason, rule, evidence, witness } = step.verdict;
    return { t: frame.t, state, reason, rule, evidence, witness };
  });
}
