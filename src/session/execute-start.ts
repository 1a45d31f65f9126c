import { AdrError } from '../errors.ts';
import type { TmuxClient } from '../tmux/client.ts';
import { describeFailure } from '../tmux/errors.ts';
import { buildStartChain, parseStartAnswer, type StartPlan } from './start-plan.ts';

export interface StartedSession {
  readonly sessionKey: string;
  /** Pane ids in the order of the plan's agents. */
  readonly panes: readonly string[];
}

/**
 * Creates the session in one tmux invocation, or not at all: what a failed chain left is removed again, and a
 * session of that name that was there before is not touched. Throws SESSION_EXISTS, RESOURCE_LIMIT, TMUX_FAILED.
 */
export async function executeStart(tmux: TmuxClient, plan: StartPlan): Promise<StartedSession> {
  const answer = await tmux.batch([buildStartChain(plan)], { startServer: true });
  const { sessionKey, panes } = parseStartAnswer(answer.stdout);
  if (answer.ok && sessionKey !== undefined && panes.length === plan.agents.length)
    return { sessionKey, panes };
  if (sessionKey !== undefined) await tmux.run(['kill-session', '-t', sessionKey]);
  throw explain(plan, answer.failure, answer.stderr);
}

function explain(plan: StartPlan, failure: string, stderr: string): AdrError {
  if (failure === 'duplicate') {
    return new AdrError('SESSION_EXISTS', `session "${plan.session}" is already running`, {
      hint: `attach to it: adr-tmux inject ${plan.session}, or end it: adr-tmux stop ${plan.session}`,
    });
  }
  if (failure === 'no-space') {
    return new AdrError('RESOURCE_LIMIT', `tmux has no room for ${plan.agents.length} panes in one window`, {
      hint: 'start fewer agents in this session, or several sessions',
    });
  }
  return describeFailure('new-session', stderr);
}
