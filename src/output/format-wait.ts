import type { WaitResult } from '../commands/tmux/wait.ts';
import { cleanLine } from './clean-line.ts';
import { describeAgent } from './format-status.ts';
import { formatSpan } from './format-time.ts';
import { adviseAnswer, adviseOutcome } from './next-steps.ts';

/** One line an agent: `main [IDLE]`, `codex-1 [WAITING - rm -rf build]`, `pi-1 [GONE]`. */
export function formatWaitLines({ agents, at }: WaitResult): string {
  return agents
    .map(({ name, now }) => `${name} [${now ? cleanLine(describeAgent(now, at)) : 'GONE'}]\n`)
    .join('');
}

/** Why the wait ended without what was waited for, and what to do next; empty when there is nothing to do. */
export function describeWaitEnd(result: WaitResult): string {
  const { session, agents, waitedMs } = result;
  const asking = agents.filter(({ now }) => now?.state === 'WAITING');
  const answers = asking.map(
    ({ name, now }) => `  ${adviseAnswer({ session, agent: name }, now?.question)}\n`,
  );
  switch (result.result) {
    case 'reached':
      return answers.join('');
    case 'waiting': {
      const names = asking.map(({ name }) => name).join(', ') || 'an agent';
      return `${names} ${asking.length > 1 ? 'wait' : 'waits'} for an answer\n${answers.join('')}`;
    }
    case 'gone': {
      const gone = agents.filter(({ now }) => now === undefined || now.state === 'EXITED');
      const names = gone.map(({ name }) => name).join(', ');
      const next = gone.map(({ name, now }) => {
        return `  ${adviseOutcome({ session, agent: name }, now === undefined ? 'gone' : 'exited')}\n`;
      });
      return `${names} ${gone.length === 1 ? 'has' : 'have'} ended\n${[...new Set(next)].join('')}  what happened: adr-tmux events ${session}\n`;
    }
    case 'timeout':
      return `not reached within ${formatSpan(waitedMs)}\n  see: adr-tmux status ${session}\n${answers.join('')}`;
    case 'interrupted':
      return 'interrupted\n';
  }
}

/** One JSON document, version 1; times in ms since the epoch, `state` null for an agent whose pane is gone. */
export function formatWaitJson({ result, session, at, waitedMs, agents }: WaitResult): string {
  const listed = agents.map(({ name, now, reached }) => ({
    agent: name,
    type: now?.type ?? null,
    state: now?.state ?? null,
    reason: now?.reason ?? '',
    question: now?.question ?? null,
    since: now?.since ?? null,
    ...(now?.state === 'EXITED' ? { exit: now.exit ?? null } : {}),
    reached,
  }));
  return `${JSON.stringify({ v: 1, result, session, at, waitedMs, agents: listed }, null, 2)}\n`;
}
