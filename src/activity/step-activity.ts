import type { ScreenSigns } from '../agents/types.ts';
import { decideState, type Finding } from './decide-state.ts';
import { closeFacts, foldEvent, hasOpenFacts, NO_FACTS, type OpenFacts } from './fold-events.ts';
import { fingerprint, normaliseScreen } from './normalise-screen.ts';
import { readScreen } from './read-screen.ts';
import type { Observation, ScreenReading, Verdict } from './types.ts';

/** Time limits of the classifier, all in milliseconds. */
export interface ActivityLimits {
  /** Busy without report or progress for this long is STALLED. */
  readonly stallAfterBusy: number;
  /** The same while a tool runs. */
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

/** What the classifier remembers between two looks. JSON-serialisable, below 4 KB. */
export interface ActivityMemory {
  readonly v: 1;
  readonly startedAt: number;
  readonly lookedAt?: number | undefined;
  /** The verdict of the look before. */
  readonly verdict?: Pick<Verdict, 'state' | 'since' | 'witness' | 'question'> | undefined;
  /** The agent has shown a composer or reported. */
  readonly ready: boolean;
  readonly facts: OpenFacts;
  /** Print of the normalised screen, and the size it was taken at. */
  readonly print?: string | undefined;
  readonly size?: string | undefined;
  readonly resizedAt?: number | undefined;
  readonly progressAt: number;
  /** Time without progress or report, slept time left out. */
  readonly quietFor: number;
  /** The same, at most `checkEvery` a look: the base rule's count. */
  readonly stillFor: number;
  /** First of the looks in a row that showed an empty composer and nothing at work. */
  readonly emptySince?: number | undefined;
}

export interface ActivityStep {
  readonly memory: ActivityMemory;
  readonly verdict: Verdict;
}

/** What stands before the first look at an agent that was started at `at` (ms since the epoch). */
export function initialMemory(at: number): ActivityMemory {
  return { v: 1, startedAt: at, ready: false, facts: NO_FACTS, progressAt: at, quietFor: 0, stillFor: 0 };
}

/** One look further: the new verdict, and what to remember for the next look. Never throws. */
export function stepActivity(
  before: ActivityMemory,
  observation: Observation,
  context: { readonly signs: ScreenSigns | undefined; readonly limits?: Partial<ActivityLimits> | undefined },
): ActivityStep {
  const limits = { ...DEFAULT_LIMITS, ...context.limits };
  const revived = before.verdict?.state === 'EXITED' && !observation.dead;
  const memory = revived ? initialMemory(observation.at) : before;
  const reading = context.signs && readScreen(context.signs, observation.screen, observation.title);
  const seen = witnessScreen(
    trackProgress(foldReports(memory, observation), observation, context.signs, reading, limits),
    observation,
    reading,
  );
  const finding = decideState({ memory: seen, observation, reading, limits });
  const since = findSince(memory, seen, finding, observation.at);
  const verdict: Verdict = { ...finding.told, since, progressAt: seen.progressAt };
  const { state, witness, question } = verdict;
  return { verdict, memory: { ...seen, verdict: { state, since, witness, question } } };
}

function foldReports(memory: ActivityMemory, observation: Observation): ActivityMemory {
  if (observation.events.length === 0) return memory;
  const facts = observation.events.reduce(foldEvent, memory.facts);
  return { ...memory, facts, ready: true, emptySince: undefined };
}

const REDRAW_AFTER_RESIZE = 2_000;

function trackProgress(
  memory: ActivityMemory,
  observation: Observation,
  signs: ScreenSigns | undefined,
  reading: ScreenReading | undefined,
  limits: ActivityLimits,
): ActivityMemory {
  const countdown = reading?.retrying === undefined ? '' : reading.evidence.retrying;
  const print = fingerprint(`${countdown}\n${normaliseScreen(signs, observation.screen)}`);
  const { at, size } = observation;
  const resizedAt = memory.size !== undefined && memory.size !== size ? at : memory.resizedAt;
  const redrawn = resizedAt !== undefined && at - resizedAt <= REDRAW_AFTER_RESIZE;
  const changed = memory.print !== undefined && memory.print !== print && !redrawn;
  const reported = observation.events.length > 0;
  const gap = Math.max(0, at - (memory.lookedAt ?? at));
  return {
    ...memory,
    print,
    size,
    resizedAt,
    lookedAt: at,
    ready: memory.ready || reading?.composer !== undefined,
    progressAt: findProgress(memory, observation, changed),
    quietFor: changed || reported ? 0 : memory.quietFor + Math.min(gap, limits.maxGap),
    stillFor: changed ? 0 : memory.stillFor + Math.min(gap, limits.checkEvery),
    emptySince: changed ? undefined : memory.emptySince,
  };
}

function findProgress(memory: ActivityMemory, observation: Observation, changed: boolean): number {
  const reportedAt = observation.events.at(-1)?.at ?? memory.progressAt;
  return Math.max(memory.progressAt, changed ? observation.at : 0, Math.min(reportedAt, observation.at));
}

const TWO_LOOKS_APART = 1_000;

/** Lets the screen close what reports had opened. */
function witnessScreen(
  memory: ActivityMemory,
  observation: Observation,
  reading: ScreenReading | undefined,
): ActivityMemory {
  if (reading === undefined || observation.dead) return memory;
  const { at } = observation;
  const question = memory.facts.question;
  if (reading.dialog !== undefined) {
    const facts =
      question === undefined ? memory.facts : { ...memory.facts, question: { ...question, seen: true } };
    return { ...memory, facts, emptySince: undefined };
  }
  const empty =
    reading.composer?.mode === 'prompt' && reading.composer.text === '' && reading.busy === undefined;
  const over = question !== undefined && (empty || reading.busy !== undefined);
  const answered = over && (question.seen || at - question.at > 2 * TWO_LOOKS_APART);
  const facts = answered ? { ...memory.facts, question: undefined } : memory.facts;
  const emptySince = empty ? (memory.emptySince ?? at) : undefined;
  const closes = emptySince !== undefined && at - emptySince >= TWO_LOOKS_APART && hasOpenFacts(facts);
  return { ...memory, emptySince, facts: closes ? closeFacts(facts, at) : facts };
}

function findSince(before: ActivityMemory, seen: ActivityMemory, finding: Finding, at: number): number {
  const last = before.verdict;
  const { state, question } = finding.told;
  const sameQuestion = state !== 'WAITING' || last?.question?.what === question?.what;
  const turned = finding.factAt !== undefined && seen.facts.turnAt !== before.facts.turnAt;
  if (last?.state === state && sameQuestion && !(turned && before.facts.turn === seen.facts.turn))
    return last.since;
  return Math.min(finding.factAt ?? at, at);
}
