import { NO_FACTS, type OpenFacts } from './fold-events.ts';
import type { Verdict } from './types.ts';

/** Time limits of the classifier, all in milliseconds. */
export interface ActivityLimits {
  /** Busy without report or progress for this long is STALLED. */
  readonly stallAfterBusy: number;
  /** The same while a tool runs or an API error is waited out. */
  readonly stallInTool: number;
  /** How long an agent may take to show its first composer. */
  readonly startLimit: number;
  /** The base rule's step: two of them without a change is STALLED. */
  readonly checkEvery: number;
  /** The most that the time between two looks counts for: a laptop may have slept. */
  readonly maxGap: number;
}

export const DEFAULT_LIMITS: ActivityLimits = {
  stallAfterBusy: 90_000,
  stallInTool: 600_000,
  startLimit: 60_000,
  checkEvery: 3_000,
  maxGap: 45_000,
};

/** What the classifier remembers between two looks. JSON-serialisable, below 6 KB. Times in ms since the epoch. */
export interface ActivityMemory {
  readonly v: 1;
  readonly startedAt: number;
  readonly lookedAt?: number | undefined;
  /** The verdict of the look before; `asked` is a print of what was asked. */
  readonly verdict?: (Pick<Verdict, 'state' | 'since'> & { readonly asked?: string | undefined }) | undefined;
  /** The agent has shown a composer or reported. */
  readonly ready: boolean;
  readonly facts: OpenFacts;
  /** Print of the normalised screen, and the size it was taken at. */
  readonly print?: string | undefined;
  /** Prints of its last words: what is new on the next screen is progress. */
  readonly words?: string | undefined;
  readonly size?: string | undefined;
  readonly resizedAt?: number | undefined;
  readonly progressAt: number;
  /** Time without progress or report, slept time left out. */
  readonly quietFor: number;
  /** The same, at most `checkEvery` a look: the base rule's count. */
  readonly stillFor: number;
  /** First of the looks in a row that showed the composer at rest: nothing at work, no dialog, no change. */
  readonly restSince?: number | undefined;
  /** Its title has been one that the agent sets: from then on the title tells. */
  readonly titled?: boolean | undefined;
  readonly stream?: StreamMemory | undefined;
  /** A busy sign that never stands still when it is real: how often in a row it was the same. */
  readonly moving?: MovingSign | undefined;
}

/** The last line above the composer: how often it has changed lately. */
export interface StreamMemory {
  readonly print: string;
  readonly changedAt: number;
  readonly changes: number;
}

export interface MovingSign {
  readonly print: string;
  readonly since: number;
  readonly same: number;
  /** It has been seen to change. */
  readonly moved: boolean;
}

/** What stands before the first look at an agent that was started at `at` (ms since the epoch). */
export function initialMemory(at: number): ActivityMemory {
  return { v: 1, startedAt: at, ready: false, facts: NO_FACTS, progressAt: at, quietFor: 0, stillFor: 0 };
}
