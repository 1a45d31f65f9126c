import type { InterruptResult } from '../commands/tmux/interrupt.ts';
import { mergeExitCodes } from './merge-exit-codes.ts';
import { stripControls } from './strip-controls.ts';

/** `main: interrupted`, with what stood in the way. */
export function formatInterruptLine({ agent, result }: InterruptResult): string {
  if (result.outcome === 'idle') return `${agent}: no turn was running`;
  if (result.outcome === 'interrupted') {
    const took = result.returned === '' ? '' : '; it had put its prompt back, which was removed';
    return `${agent}: interrupted${took}`;
  }
  return stripControls(`${agent}: ${result.outcome}: ${result.detail}`);
}

/** 0 when no turn runs any more; 7 when only some stopped or it is not sure. */
export function findInterruptExitCode(results: readonly InterruptResult[]): number {
  const codes = {
    interrupted: 0,
    idle: 0,
    waiting: 6,
    exited: 5,
    'not-found': 3,
    unconfirmed: 7,
    'not-ready': 124,
  };
  return mergeExitCodes(results.map(({ result }) => codes[result.outcome]));
}
