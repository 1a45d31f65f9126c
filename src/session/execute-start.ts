import { setTimeout as delay } from 'node:timers/promises';
import { AdrError } from '../errors.ts';
import type { TmuxAnswer, TmuxClient } from '../tmux/client.ts';
import { describeFailure } from '../tmux/errors.ts';
import { toTmuxName } from './names.ts';
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
  const answer = await runChain(tmux, buildStartChain(plan));
  const { sessionKey, panes } = parseStartAnswer(answer.stdout);
  if (answer.ok && sessionKey !== undefined && panes.length === plan.windows.flat().length)
    return { sessionKey, panes };
  if (sessionKey !== undefined) await tmux.run(['kill-session', '-t', sessionKey]);
  throw explain(plan, answer.failure, answer.stderr);
}

const RETRY_MS = 50;

/** Several clients that start the server at once can lose each other (3.3a); nothing was created then. */
async function runChain(tmux: TmuxClient, chain: string, tries = 5): Promise<TmuxAnswer> {
  const answer = await tmux.batch([chain], { startServer: true });
  const lost = !answer.ok && answer.failure === 'no-server' && answer.stdout === '';
  if (!lost || tries <= 1) return answer;
  await delay(RETRY_MS);
  return runChain(tmux, chain, tries - 1);
}

function explain(plan: StartPlan, failure: string, stderr: string): AdrError {
  if (failure === 'duplicate') {
    // Ours are found before: this one came in between, or is none of ours.
    return new AdrError('SESSION_EXISTS', `tmux already has a session "${toTmuxName(plan.session)}"`, {
      hint: `see adr-tmux status; if it is not there, it is not ours: tmux rename-session or choose another name`,
    });
  }
  if (failure === 'no-space') {
    return new AdrError('RESOURCE_LIMIT', `tmux has no room for ${plan.windows.flat().length} panes`, {
      hint: 'give every agent a window of its own: --layout windows',
    });
  }
  return describeFailure('new-session', stderr);
}
