import type { SendResult } from '../commands/tmux/send.ts';
import { findExitCode } from '../prompt/outcome.ts';
import { stripControls } from './strip-controls.ts';

/** `main: submitted (confirmed by the agent)`, with what is worth knowing. */
export function formatSendLine({ agent, delivery, answer }: SendResult): string {
  const proof = { agent: ' (confirmed by the agent)', screen: ' (seen on its screen)', none: '' }[
    delivery.proof
  ];
  const detail = delivery.detail === '' ? '' : `: ${delivery.detail}`;
  const line = `${agent}: ${delivery.outcome}${proof}${detail}`;
  return stripControls(
    answer === undefined || answer.ended === 'answered' ? line : `${line}\n${agent}: ${describeEnd(answer)}`,
  );
}

function describeEnd(answer: NonNullable<SendResult['answer']>): string {
  switch (answer.ended) {
    case 'failed':
      return `the turn ended with an error: ${answer.text}`;
    case 'asked':
      return `it asks: ${answer.text}`;
    case 'exited':
      return `it exited before it answered (${answer.text})`;
    case 'gone':
      return 'its pane is gone';
    case 'timeout':
      return 'no answer within the time limit';
    case 'answered':
      return '';
  }
}

/** Exit code of `send`: the outcomes', then, with --wait, how the turns ended. */
export function findSendExitCode(results: readonly SendResult[]): number {
  const delivered = findExitCode(results.map(({ delivery }) => delivery.outcome));
  if (delivered !== 0) return delivered;
  const codes = results.map(({ answer }) => {
    if (!answer) return 0;
    return { answered: 0, failed: 7, asked: 6, exited: 5, gone: 3, timeout: 124 }[answer.ended];
  });
  const first = codes[0] ?? 0;
  if (codes.every((code) => code === first)) return first;
  return codes.includes(0) ? 7 : first;
}

/** One JSON document, version 1. */
export function formatSendJson(results: readonly SendResult[]): string {
  const targets = results.map(({ agent, type, delivery, answer }) => ({ agent, type, ...delivery, answer }));
  return `${JSON.stringify({ v: 1, targets }, null, 2)}\n`;
}
