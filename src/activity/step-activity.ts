import type { ScreenSigns } from '../agents/types.ts';
import { decideState, type Finding } from './decide-state.ts';
import { foldEvent } from './fold-events.ts';
import { type ActivityLimits, type ActivityMemory, DEFAULT_LIMITS, initialMemory } from './memory.ts';
import { mergeQuestion } from './merge-question.ts';
import { fingerprint } from './normalise-screen.ts';
import { readQuestion } from './read-question.ts';
import { readScreen } from './read-screen.ts';
import { trackProgress } from './track-progress.ts';
import type { Observation, ScreenReading, Verdict } from './types.ts';
import { closeBySight, doubtStillSign } from './witness-screen.ts';

export { type ActivityLimits, type ActivityMemory, initialMemory } from './memory.ts';

export interface ActivityContext {
  /** Undefined for an agent type that nothing is known of: then the base rule decides. */
  readonly signs: ScreenSigns | undefined;
  readonly limits?: Partial<ActivityLimits> | undefined;
}

export interface ActivityStep {
  readonly memory: ActivityMemory;
  readonly verdict: Verdict;
}

/** One look further: the new verdict, and what to remember for the next look. Never throws. */
export function stepActivity(
  before: ActivityMemory,
  observation: Observation,
  context: ActivityContext,
): ActivityStep {
  const limits = { ...DEFAULT_LIMITS, ...context.limits };
  const revived = before.verdict?.state === 'EXITED' && !observation.dead;
  const start = revived ? initialMemory(observation.at) : before;
  const { memory, reading } = takeLook(foldReports(start, observation), observation, context.signs, limits);
  const finding = decideState({ memory, observation, reading, limits });
  const since = findSince(start, memory, finding, observation);
  const question = describeQuestion(finding, observation, since, { reading, signs: context.signs });
  const verdict: Verdict = { ...finding.told, ...question, since, progressAt: memory.progressAt };
  return {
    verdict,
    memory: { ...memory, verdict: { state: verdict.state, since, asked: printQuestion(finding) } },
  };
}

function foldReports(memory: ActivityMemory, observation: Observation): ActivityMemory {
  if (observation.events.length === 0) return memory;
  const facts = observation.events.reduce(foldEvent, memory.facts);
  return { ...memory, facts, ready: true, restSince: undefined };
}

function takeLook(
  memory: ActivityMemory,
  observation: Observation,
  signs: ScreenSigns | undefined,
  limits: ActivityLimits,
): { readonly memory: ActivityMemory; readonly reading: ScreenReading | undefined } {
  const seen = signs && readScreen(signs, observation.screen, observation.title);
  const tracked = trackProgress(memory, observation, { signs, reading: seen, limits });
  if (seen === undefined || observation.dead) return { memory: tracked, reading: seen };
  const { moving, reading } = doubtStillSign(tracked, observation, seen);
  return { memory: closeBySight({ ...tracked, moving }, observation.at, reading), reading };
}

/** When the state began: the report that caused it, else this look; unchanged while the state lasts. */
function findSince(
  before: ActivityMemory,
  now: ActivityMemory,
  finding: Finding,
  { at, answeredAt = 0, events }: Observation,
): number {
  const last = before.verdict;
  const { state } = finding.told;
  // Of the same words and not reported: another one when the last was answered, or the agent went on above it.
  const wentOn = events.length === 0 && now.progressAt > before.progressAt;
  const asksAnew =
    last?.asked !== printQuestion(finding) ||
    (finding.told.rule === 'dialog' && last !== undefined && (wentOn || answeredAt > last.since));
  const turnedTwice = before.facts.turn === now.facts.turn && before.facts.turnAt !== now.facts.turnAt;
  const lasts = last?.state === state && !asksAnew && !(turnedTwice && finding.factAt !== undefined);
  if (lasts) return last.since;
  const factAt = finding.factAt ?? at;
  // A turn that goes on after a question is older than the state: that began with the answer.
  if (last === undefined || factAt >= last.since) return Math.min(factAt, at);
  const reportedAt = now.facts.reportedAt ?? 0;
  return reportedAt > (before.lookedAt ?? 0) ? Math.min(reportedAt, at) : at;
}

/** What is asked, with all that the screen shows of it. */
function describeQuestion(
  { told, factAt }: Finding,
  { screen }: Observation,
  since: number,
  {
    reading,
    signs,
  }: { readonly reading: ScreenReading | undefined; readonly signs: ScreenSigns | undefined },
): Pick<Verdict, 'question'> {
  if (told.question === undefined || reading?.dialog === undefined) return {};
  const reported = told.rule === 'question-reported' && factAt !== undefined;
  const asked = reported ? { reportedAt: factAt } : { seenAt: since };
  return { question: mergeQuestion(told.question, readQuestion(signs, screen), asked) };
}

function printQuestion({ told }: Finding): string | undefined {
  return told.question && fingerprint(`${told.question.kind} ${told.question.what}`);
}
