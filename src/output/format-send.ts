import type { SendPlan, SendResult } from '../commands/tmux/send.ts';
import type { KeysResult } from '../commands/tmux/send-keys.ts';
import { findExitCode } from '../prompt/outcome.ts';
import { mergeExitCodes } from './merge-exit-codes.ts';
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
export function findSendExitCode(results: readonly SendResult[], submit = true): number {
  const delivered = mergeExitCodes(results.map(({ delivery }) => findExitCode(delivery.outcome, submit)));
  if (delivered !== 0) return delivered;
  return mergeExitCodes(
    results.map(({ answer }) => {
      if (!answer) return 0;
      return { answered: 0, failed: 7, asked: 6, exited: 5, gone: 3, timeout: 124 }[answer.ended];
    }),
  );
}

/** Exit code of `send --keys`. */
export function findKeysExitCode(results: readonly KeysResult[]): number {
  return mergeExitCodes(results.map(({ outcome }) => ({ pressed: 0, exited: 5, 'not-found': 3 })[outcome]));
}

/** Who would get what. */
export function formatDryRun(plan: SendPlan, json: boolean): string {
  if (json) return `${JSON.stringify({ v: 1, ...plan }, null, 2)}\n`;
  const lines = plan.text.split('\n').length;
  const size = `${Buffer.byteLength(plan.text)} bytes, ${lines} ${lines === 1 ? 'line' : 'lines'}`;
  return plan.targets
    .map(({ agent, obstacle }) =>
      stripControls(`${agent}: ${obstacle === '' ? `would get ${size}` : obstacle}\n`),
    )
    .join('');
}

/** One JSON document, version 1. */
export function formatSendJson(results: readonly SendResult[]): string {
  const targets = results.map(({ agent, type, delivery, answer }) => ({ agent, type, ...delivery, answer }));
  return `${JSON.stringify({ v: 1, targets }, null, 2)}\n`;
}
