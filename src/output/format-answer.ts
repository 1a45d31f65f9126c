import type { AnsweredAgent } from '../commands/tmux/answer.ts';
import { findAnswerExitCode } from '../prompt/answer-outcome.ts';
import { cleanLine } from './clean-line.ts';

/** `main: answered "Yes" (confirmed by the agent)`, with what is worth knowing. */
export function formatAnswerLine({ agent, result }: AnsweredAgent): string {
  const { outcome, proof, detail, says, next } = result;
  const said = says !== undefined && (outcome === 'answered' || outcome === 'pressed') ? ` "${says}"` : '';
  const by = { agent: ' (confirmed by the agent)', screen: ' (seen on its screen)', none: '' }[proof];
  const asks = next !== undefined && outcome === 'answered' ? `; it asks: ${next.what}` : '';
  return cleanLine(`${agent}: ${outcome}${said}${by}${detail === '' ? '' : `: ${detail}`}${asks}`);
}

/** What would be done: the question, and what it would be answered with. */
export function formatAnswerPlan(answered: AnsweredAgent): string {
  const { agent, result } = answered;
  if (result.outcome !== 'pressed') return formatAnswerLine(answered);
  return cleanLine(`${agent}: asks ${result.question?.what}; would be answered "${result.says}"`);
}

/** One JSON document, version 1; `outcome` is null where nothing was done. */
export function formatAnswerJson({ agent, type, result }: AnsweredAgent, dryRun: boolean): string {
  const { outcome, proof, detail, says = null, question = null, next = null } = result;
  const planned = dryRun && outcome === 'pressed';
  const target = { agent, type, outcome: planned ? null : outcome, proof, detail, says, question, next };
  return `${JSON.stringify({ v: 1, targets: [target] }, null, 2)}\n`;
}

/** Exit code of `answer`. */
export function findAnsweredExitCode({ result }: AnsweredAgent): number {
  return findAnswerExitCode(result.outcome);
}
