import type { AgentType } from '../agents/types.ts';
import type { ObservedPane, ObservedServer, ObservedSession } from '../session/observed.ts';
import { listPassed, type PassedState } from './list-passed.ts';
import type { PaneLook } from './look.ts';
import { readReports } from './read-reports.ts';
import { type ActivityLimits, type ActivityMemory, initialMemory } from './step-activity.ts';
import { stepWithType } from './step-with-type.ts';
import type { Verdict } from './types.ts';

/** What is known of a pane between two looks: how far its reports were read, and the classifier's memory. */
export interface Tracking {
  readonly run: string;
  readonly offset: number;
  readonly memory: ActivityMemory;
}

export interface JudgedPane {
  readonly session: ObservedSession;
  readonly pane: ObservedPane;
  readonly verdict: Verdict;
  readonly tracking: Tracking;
  /** What the agent reported since the look before, the state it is in now included. */
  readonly passed: readonly PassedState[];
}

export interface JudgeTools {
  readonly findType: (name: string) => Promise<AgentType | undefined>;
  /** The report file of a run. */
  readonly findReports: (run: string) => string;
  readonly limits?: Partial<ActivityLimits> | undefined;
}

/** The tracking a pane option holds, or a new one: of a run that has just begun, or one whose option is damaged. */
function restoreTracking(pane: ObservedPane): Tracking {
  const fresh: Tracking = { run: pane.run, offset: 0, memory: initialMemory(pane.startedAt) };
  if (!pane.stored?.track) return fresh;
  try {
    const stored = JSON.parse(pane.stored.track) as Tracking;
    const usable = stored.run === pane.run && stored.memory?.v === 1 && Number.isInteger(stored.offset);
    return usable ? stored : fresh;
  } catch {
    return fresh;
  }
}

/**
 * Judges every pane that was looked at: reads what it reported since, steps the classifier. `at` is the time of the
 * look in ms. A pane without a look is passed over: no observation is never a death.
 */
export async function judgePanes(
  server: ObservedServer,
  looks: ReadonlyMap<string, PaneLook>,
  tracked: ReadonlyMap<string, Tracking>,
  at: number,
  tools: JudgeTools,
): Promise<readonly JudgedPane[]> {
  const jobs = server.sessions.flatMap((session) =>
    session.panes.map(async (pane): Promise<JudgedPane | undefined> => {
      const look = looks.get(pane.pane);
      if (!look) return undefined;
      const known = tracked.get(pane.pane);
      const before = known?.run === pane.run ? known : restoreTracking(pane);
      // One agent's damage is its own: the others are judged all the same.
      const judged = await judgePane(pane, look, before, at, tools).catch(() => undefined);
      // It may have died since it was listed.
      return judged && { session, pane: { ...pane, dead: look.dead, exit: look.exit }, ...judged };
    }),
  );
  return (await Promise.all(jobs)).filter((judged) => judged !== undefined);
}

async function judgePane(
  pane: ObservedPane,
  look: PaneLook,
  before: Tracking,
  at: number,
  tools: JudgeTools,
): Promise<Pick<JudgedPane, 'verdict' | 'tracking' | 'passed'>> {
  const type = await tools.findType(pane.type);
  const reports = type?.hasReporter
    ? await readReports(tools.findReports(pane.run), before.offset, type)
    : { events: [], offset: before.offset };
  const { screen, title, size, dead, diedAt } = look;
  const exit = dead ? look.exit : undefined;
  const { memory, verdict } = stepWithType(
    before.memory,
    { at, screen, title, size, dead, exit, diedAt, answeredAt: pane.answeredAt, events: reports.events },
    type,
    tools.limits,
  );
  const passed = listPassed(before.memory.facts, reports.events, at);
  return { verdict, tracking: { run: pane.run, offset: reports.offset, memory }, passed };
}
