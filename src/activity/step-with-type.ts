import type { AgentType } from '../agents/types.ts';
import { runLimited } from '../system/run-limited.ts';
import type { ActivityLimits, ActivityMemory } from './memory.ts';
import { type ActivityStep, stepActivity } from './step-activity.ts';
import type { Observation } from './types.ts';

/** Far more than the largest screen needs, little enough that the other panes do not wait. */
const STEP_LIMIT_MS = 500;

/**
 * One look further by an agent type's signs. Signs of the user's own that take too long on this screen do not count
 * for this look: one bad pattern must not stop the monitor.
 */
export function stepWithType(
  before: ActivityMemory,
  observation: Observation,
  type: AgentType | undefined,
  limits?: Partial<ActivityLimits>,
): ActivityStep {
  const step = (signs: AgentType['signs']) => stepActivity(before, observation, { signs, limits });
  if (type?.signsFrom === undefined) return step(type?.signs);
  const limited = runLimited(STEP_LIMIT_MS, () => step(type.signs));
  return limited.done ? limited.value : step(type.signsFrom.base);
}
