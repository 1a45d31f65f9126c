import { isQuoted } from './fold-events.ts';
import type { ActivityLimits, ActivityMemory } from './memory.ts';
import { isAbout, nameQuestion } from './merge-question.ts';
import { shorten } from './patterns.ts';
import { STREAM_CHANGES } from './track-stream.ts';
import type { Observation, ScreenReading, Verdict, Witness } from './types.ts';

/** A verdict without its times, and the time of the report that caused it. */
export interface Finding {
  readonly told: Omit<Verdict, 'since' | 'progressAt'>;
  readonly factAt?: number | undefined;
}

/** One look with all that is known before it, reports folded in. */
export interface Look {
  readonly memory: ActivityMemory;
  readonly observation: Observation;
  readonly reading: ScreenReading | undefined;
  readonly limits: ActivityLimits;
}

/** The state: the first rule that has something to say wins. */
export function decideState(look: Look): Finding {
  return (
    findExit(look) ??
    findQuestion(look) ??
    findWork(look) ??
    findView(look) ??
    findStream(look) ??
    findRest(look) ??
    findStart(look) ??
    applyBaseRule(look)
  );
}

function findExit(look: Look): Finding | undefined {
  const { observation } = look;
  if (!observation.dead) return undefined;
  const reason = `exit ${observation.exit ?? 'unknown'}`;
  return {
    told: { state: 'EXITED', reason, witness: 'screen', rule: 'pane-dead', evidence: reason },
    factAt: findDeath(look),
  };
}

/** tmux knows the second; the agent's own last report, or a look before, may know it better. */
function findDeath({ memory, observation }: Look): number | undefined {
  const { diedAt } = observation;
  if (diedAt === undefined) return undefined;
  const reported = memory.facts.reportedAt ?? 0;
  if (reported >= diedAt && reported < diedAt + 1000) return reported;
  return Math.max(diedAt, memory.verdict?.since ?? 0);
}

function findQuestion({ memory, reading }: Look): Finding | undefined {
  const reported = memory.facts.question;
  const shown = reading?.dialog;
  if (reported !== undefined && isAbout(reported.what, shown?.what ?? '')) {
    const question = nameQuestion(reported, shown);
    const evidence = reading?.evidence.dialog ?? `report: ask ${shorten(reported.what, 80)}`;
    return {
      told: { ...waiting(question), witness: 'report', rule: 'question-reported', evidence },
      factAt: reported.at,
    };
  }
  if (shown === undefined) return undefined;
  return {
    told: { ...waiting(shown), witness: 'screen', rule: 'dialog', evidence: reading?.evidence.dialog ?? '' },
  };
}

function waiting(question: NonNullable<Verdict['question']>) {
  return { state: 'WAITING', reason: question.what || question.kind, question } as const;
}

const TURN_END_REDRAW = 1_500;

function findWork(look: Look): Finding | undefined {
  const { memory, observation, reading, limits } = look;
  const { facts } = memory;
  const reported = facts.turn === 'open';
  const justOver = facts.turn === 'over' && observation.at - (facts.reportedAt ?? 0) < TURN_END_REDRAW;
  const shown = reading?.busy !== undefined && !(justOver && observation.at >= facts.turnAt);
  if (!reported && !shown) return undefined;
  const witness: Witness = reported ? 'report' : 'screen';
  const factAt = reported ? facts.turnAt : undefined;
  const evidence = describeWork(look);
  const retrying = nameRetry(look);
  const tool = nameTool(look);
  const patience = retrying !== undefined || tool !== undefined ? limits.stallInTool : limits.stallAfterBusy;
  const reason = retrying ?? tool ?? (reading?.busy || 'model');
  if (memory.quietFor >= patience) {
    return { told: { state: 'STALLED', reason, witness: 'screen', rule: 'busy-without-progress', evidence } };
  }
  const rule = retrying !== undefined ? 'retrying' : reported ? 'busy-reported' : 'busy-sign';
  return { told: { state: 'RUNNING', reason, witness, rule, evidence }, factAt };
}

function nameRetry({ memory, reading }: Look): string | undefined {
  if (reading?.retrying !== undefined) return `retrying: ${reading.retrying}`;
  const error = memory.facts.turn === 'open' ? memory.facts.error : undefined;
  const contradicted = reading?.composer !== undefined && reading.busy !== undefined;
  return error?.retrying && !contradicted ? `retrying: ${error.message}` : undefined;
}

function nameTool({ memory, reading }: Look): string | undefined {
  const tool = memory.facts.tools.at(-1);
  if (tool !== undefined) return tool.input === '' ? tool.name : `${tool.name}: ${tool.input}`;
  const shown = isQuoted(memory.facts, reading?.evidence.tool ?? '') ? undefined : reading?.tool;
  return (memory.facts.olderTools ?? 0) > 0 ? (shown ?? 'tool') : shown;
}

function describeWork({ memory, reading }: Look): string {
  const line = reading?.evidence.retrying ?? reading?.evidence.busy;
  if (line !== undefined) return line;
  const tool = memory.facts.tools.at(-1);
  return tool === undefined ? 'report: turn open' : `report: tool ${tool.name}`;
}

/** Behind a transcript or a pager all is as it was. */
function findView({ memory, reading }: Look): Finding | undefined {
  if (reading?.view === undefined || memory.facts.turn !== undefined) return undefined;
  const before = memory.verdict?.state;
  const told = { witness: 'screen', rule: 'view', evidence: reading.evidence.view ?? '' } as const;
  if (before === 'WAITING') return { told: { ...waiting({ kind: 'choice', what: '' }), ...told } };
  const works = !reading.rests && (before === 'RUNNING' || before === 'STALLED');
  return { told: { state: works ? before : 'IDLE', reason: '', ...told } };
}

/** Only its title says that this agent streams, and nobody has seen it say anything. */
function findStream({ memory, reading }: Look): Finding | undefined {
  if (reading?.stream === undefined || memory.titled || memory.facts.turn !== undefined) return undefined;
  if ((memory.stream?.changes ?? 0) < STREAM_CHANGES) return undefined;
  const evidence = shorten(reading.stream, 80);
  return { told: { state: 'RUNNING', reason: 'model', witness: 'screen', rule: 'streaming', evidence } };
}

function findRest({ memory, reading }: Look): Finding | undefined {
  const { facts } = memory;
  const composer = reading?.composer;
  if (composer === undefined && facts.turn !== 'over') return undefined;
  const reported =
    facts.turn === 'over' && facts.reportedAt !== undefined && facts.turnAt <= facts.reportedAt;
  const shown = reading?.error !== undefined && !isQuoted(facts, reading.error) ? reading.error : undefined;
  const error = facts.error?.message ?? shown;
  const reason = error === undefined ? '' : `error: ${error}`;
  const witness: Witness = reported ? 'report' : 'screen';
  const line = error === undefined ? undefined : reading?.evidence.error;
  const evidence = line ?? reading?.evidence.composer ?? 'report: turn over';
  const rule = error !== undefined ? 'turn-over-with-error' : reported ? 'turn-over' : 'composer';
  return {
    told: { state: 'IDLE', reason, witness, rule, evidence },
    factAt: reported ? facts.turnAt : undefined,
  };
}

function findStart({ memory, observation, reading, limits }: Look): Finding | undefined {
  if (memory.ready || reading === undefined) return undefined;
  if (observation.at - memory.startedAt >= limits.startLimit) return undefined;
  const evidence = shorten(observation.screen.trim().split('\n').at(-1) ?? '', 80);
  return { told: { state: 'STARTING', reason: '', witness: 'screen', rule: 'not-ready-yet', evidence } };
}

function applyBaseRule({ memory, observation, limits }: Look): Finding {
  const still = memory.stillFor >= 2 * limits.checkEvery;
  const evidence = shorten(observation.screen.trim().split('\n').at(-1) ?? '', 80);
  const told = { witness: 'screen', rule: still ? 'unchanged' : 'changing', evidence } as const;
  return still
    ? { told: { state: 'STALLED', reason: 'screen unchanged', ...told } }
    : { told: { state: 'RUNNING', reason: '', ...told } };
}
