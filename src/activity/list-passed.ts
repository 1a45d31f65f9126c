import type { AgentEvent } from '../agents/types.ts';
import { foldEvent, type OpenFacts } from './fold-events.ts';
import type { Verdict } from './types.ts';

/** A state that an agent reported between two looks, and may have left before the second. */
export type PassedState = Pick<Verdict, 'state' | 'reason' | 'question' | 'since'>;

/** A flood of reports is no history. */
const MAX_PASSED = 20;

/** The states that these reports tell of, in turn, each different from the one before; `at` is the time of the look. */
export function listPassed(
  before: OpenFacts,
  events: readonly AgentEvent[],
  at: number,
): readonly PassedState[] {
  let facts = before;
  let last = describeFacts(before, at);
  const passed: PassedState[] = [];
  for (const event of events) {
    facts = foldEvent(facts, event);
    const next = describeFacts(facts, event.at);
    if (next === undefined || (next.state === last?.state && next.question?.what === last.question?.what))
      continue;
    passed.push({ ...next, since: Math.min(event.at, at) });
    last = next;
  }
  return passed.slice(-MAX_PASSED);
}

function describeFacts(facts: OpenFacts, since: number): PassedState | undefined {
  const { question, turn } = facts;
  if (question !== undefined) {
    const { kind, what } = question;
    return { state: 'WAITING', reason: what || kind, question: { kind, what }, since };
  }
  if (turn === undefined) return undefined;
  if (turn === 'open') return { state: 'RUNNING', reason: facts.tools.at(-1)?.name ?? 'model', since };
  return { state: 'IDLE', reason: facts.error ? `error: ${facts.error.message}` : '', since };
}
