import type { PaneLook } from '../activity/look.ts';
import type { ScreenReading } from '../activity/types.ts';
import type { AgentEvent } from '../agents/types.ts';
import { isSamePrompt } from './clean-prompt.ts';
import { isSameSight } from './judge-composer.ts';
import { type Delivery, refuse } from './outcome.ts';

export interface ConfirmRules {
  readonly text: string;
  /** Time of our Enter, ms. */
  readonly enterAt: number;
  readonly deadlineMs: number;
  /** How many times slower than usual the agent drew what was pasted; 1: as usual. */
  readonly slowness: number;
  /** What the composer was seen to hold before Enter; undefined when it did not show our text. */
  readonly shown: string | undefined;
  /** A turn ran when we pressed Enter. */
  readonly busy: boolean;
  readonly whileRunning: 'queues' | 'steers';
  /** `alive`: it has reported in this run; `silent`: it may yet; `none`: there is none. */
  readonly reporter: 'alive' | 'silent' | 'none';
  readonly hasSigns: boolean;
}

export interface ConfirmMemory {
  /** Since when the composer is seen empty (or replaced by what the agent does with the prompt), ms. */
  readonly takenSince: number | undefined;
  readonly enters: number;
  /** A prompt was reported that is not ours. */
  readonly otherPrompt: boolean;
  /** When the agent reported ours, ms; undefined until then. */
  readonly reportedAt: number | undefined;
}

export type ConfirmAnswer =
  | { readonly next: 'done'; readonly delivery: Delivery }
  | { readonly next: 'press-enter'; readonly memory: ConfirmMemory }
  | { readonly next: 'wait'; readonly memory: ConfirmMemory };

/** Nothing seen yet; the Enter that was pressed counts. */
export const freshConfirmation: ConfirmMemory = {
  takenSince: undefined,
  enters: 1,
  otherPrompt: false,
  reportedAt: undefined,
};

/** What an agent that has reported our prompt is given to take it off its screen. */
const REDRAW_MS = 5000;
/** Our own text still in the composer for this long after Enter: the Enter was swallowed. */
const SECOND_ENTER_MS = 1500;
/** How long the composer must be seen empty before the screen counts as proof. */
const TAKEN_MS = 250;
/** What a reporter that has not spoken in this run is given before the screen decides. */
const SILENT_REPORTER_MS = 3000;

/** Decides after each look whether the prompt arrived. Pure. */
export function judgeConfirmation(
  memory: ConfirmMemory,
  look: PaneLook | undefined,
  reading: ScreenReading,
  events: readonly AgentEvent[],
  at: number,
  rules: ConfirmRules,
): ConfirmAnswer {
  const prompts = events.filter((event) => event.kind === 'prompt');
  const reportedAt = memory.reportedAt ?? prompts.find((event) => isSamePrompt(rules.text, event.text))?.at;
  const holdsText = reading.composer !== undefined && reading.composer.text !== '';
  if (reportedAt !== undefined) {
    // pi takes seconds to draw a large prompt; until then it looks as if somebody were typing.
    const stale = holdsText && look?.dead === false && at - rules.enterAt < REDRAW_MS;
    if (!stale) return done(describeTaken(rules, 'agent', reportedAt));
    return { next: 'wait', memory: { ...memory, reportedAt } };
  }
  const otherPrompt = memory.otherPrompt || prompts.length > 0;
  if (!look || look.dead) {
    // A command of the agent's own, like /quit, was taken when the agent ended on it.
    if (rules.shown !== undefined && isOwnCommand(rules.text))
      return done(describeTaken(rules, 'screen', undefined));
    return done(refuse('exited', 'the agent exited before it confirmed the prompt'));
  }
  const waited = at - rules.enterAt;
  if (holdsText || !rules.hasSigns) {
    const next: ConfirmMemory = { ...memory, otherPrompt, takenSince: undefined };
    // What somebody has begun to type behind our prompt is not ours to submit.
    const ours = holdsText && isSameSight(reading.composer.text, rules.shown ?? rules.text);
    if (waited >= rules.deadlineMs) return done(concludeUntaken(ours, otherPrompt));
    if (ours && memory.enters === 1 && waited >= SECOND_ENTER_MS * rules.slowness && !otherPrompt) {
      return { next: 'press-enter', memory: { ...next, enters: 2 } };
    }
    return { next: 'wait', memory: next };
  }
  const taken = rules.shown !== undefined && (reading.composer !== undefined || hasMovedOn(reading));
  const takenSince = taken ? (memory.takenSince ?? at) : undefined;
  if (takenSince !== undefined && at - takenSince >= waitForReporter(rules) && !otherPrompt) {
    return done(describeTaken(rules, 'screen', undefined));
  }
  if (waited >= rules.deadlineMs) return done(concludeUntaken(false, otherPrompt));
  return { next: 'wait', memory: { ...memory, otherPrompt, takenSince } };
}

/** A composer that is gone was replaced by the work or the question our prompt led to. */
function hasMovedOn(reading: ScreenReading): boolean {
  return reading.busy !== undefined || reading.dialog !== undefined || reading.retrying !== undefined;
}

/** How long the screen's word must stand, given who else could speak. Infinity: only a report counts. */
function waitForReporter(rules: ConfirmRules): number {
  if (rules.reporter === 'none' || isOwnCommand(rules.text)) return TAKEN_MS;
  // Claude Code reports a queued prompt when it takes it, if at all; codex 0.169.0 the same while a tool runs.
  if (rules.busy) return rules.whileRunning === 'queues' ? TAKEN_MS * 3 : SILENT_REPORTER_MS;
  return rules.reporter === 'silent' ? SILENT_REPORTER_MS : Number.POSITIVE_INFINITY;
}

/** Agents do not report their own commands and shell lines. */
function isOwnCommand(text: string): boolean {
  return /^[/!]/.test(text);
}

function describeTaken(
  rules: ConfirmRules,
  proof: 'agent' | 'screen',
  reportedAt: number | undefined,
): Delivery {
  // An agent that takes a prompt into the running turn says so, where it can.
  const held = proof === 'screen' && rules.reporter !== 'none';
  const queued = rules.busy && (rules.whileRunning === 'queues' || held);
  const steered = rules.busy && !queued;
  return {
    outcome: queued ? 'queued' : 'submitted',
    proof,
    detail: queued ? 'a turn is running; it comes next' : steered ? 'the running turn took it in' : '',
    steered,
    reportedAt,
  };
}

function concludeUntaken(holdsText: boolean, otherPrompt: boolean): Delivery {
  if (otherPrompt) return refuse('unconfirmed', 'the agent reported another prompt than the one sent');
  if (holdsText) return refuse('typed', 'it stands in the composer and was not submitted');
  return refuse('unconfirmed', 'neither the agent nor its screen confirmed it');
}

function done(delivery: Delivery): ConfirmAnswer {
  return { next: 'done', delivery };
}
