import type { Continuation } from '../commands/tmux/choose-conversation.ts';
import type { Resumable } from '../commands/tmux/resumable.ts';
import type { ResumeResult } from '../commands/tmux/resume.ts';
import { abbreviateHome, type Environment } from '../system/paths.ts';
import { formatSpan } from './format-time.ts';

/** What becomes of an agent's conversation, for people. */
export function describeContinuation(continuation: Continuation): string {
  if (continuation.kind === 'resumed') return 'its conversation goes on';
  return {
    asked: 'a new conversation',
    'none-yet': 'a new conversation: it had none yet',
    gone: 'a new conversation: nothing is kept of an earlier one',
    chosen: 'as the words behind -- choose',
    cannot: 'a new conversation: its type cannot resume one',
  }[continuation.why];
}

/** What was resumed, or in a dry run would be, agent by agent. */
export function formatResumed(result: ResumeResult, env: Environment): string {
  const { session, workspace, agents, leftovers } = result;
  const names = Math.max(...agents.map(({ name }) => name.length));
  const types = Math.max(...agents.map(({ type }) => type.length));
  const verb = leftovers === undefined ? 'would resume' : 'resumed';
  const lines = agents.map(({ name, type, continuation, promptDue }) => {
    const prompt = promptDue ? '; then its first prompt, which it never got' : '';
    return `  ${name.padEnd(names)}  ${type.padEnd(types)}  ${describeContinuation(continuation)}${prompt}`;
  });
  const ended =
    leftovers === undefined || leftovers === 0
      ? []
      : [`  (ended first what was left of it: ${leftovers} runs)`];
  return `${[`${verb} ${session} in ${abbreviateHome(workspace, env)}`, ...lines, ...ended].join('\n')}\n`;
}

/** The same for `--json`. */
export function toResumedJson({ agents, leftovers, ...rest }: ResumeResult) {
  return {
    ...rest,
    leftovers: leftovers ?? null,
    agents: agents.map(({ continuation, run, pane, ...agent }) => ({
      ...agent,
      run: run ?? null,
      pane: pane ?? null,
      conversation: continuation.kind === 'resumed' ? continuation.conversation : null,
      fresh: continuation.kind === 'fresh' ? continuation.why : null,
    })),
  };
}

/** The columns of `resume --list`. */
export const RESUMABLE_HEADER = ['SESSION', 'ENDED', 'WORKSPACE', 'AGENTS'] as const;

/** Sessions that could be resumed, one a row. `now` in ms since the epoch. */
export function formatResumableRows(
  sessions: readonly Resumable[],
  now: number,
  env: Environment,
): readonly (readonly string[])[] {
  return sessions.map(({ wish, endedAt }) => [
    wish.name,
    `${wish.stoppedAt === undefined ? 'lost' : 'stopped'} ${formatSpan(now - endedAt)} ago`,
    abbreviateHome(wish.workspace, env),
    wish.agents.map(({ name, type }) => (name.startsWith(`${type}-`) ? name : `${name} (${type})`)).join(' '),
  ]);
}

/** The same as one JSON document, version 1; times in ms since the epoch. */
export function formatResumableJson(sessions: readonly Resumable[], damaged: readonly string[]): string {
  const listed = sessions.map(({ wish, endedAt }) => ({
    ...{ name: wish.name, id: wish.id, workspace: wish.workspace, engine: wish.engine },
    ...{ ended: wish.stoppedAt === undefined ? 'lost' : 'stopped', endedAt },
    agents: wish.agents.map(({ name, type, conversation }) => ({
      name,
      type,
      conversation: conversation ?? null,
    })),
  }));
  return `${JSON.stringify({ v: 1, sessions: listed, damaged }, null, 2)}\n`;
}
