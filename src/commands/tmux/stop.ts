import { AdrError } from '../../errors.ts';
import { killSession } from '../../session/end-panes.ts';
import { findSession } from '../../session/find-session.ts';
import { type ObservedSession, observeServer } from '../../session/observed.ts';
import { updateWish } from '../../session/wish.ts';
import type { TmuxContext } from './context.ts';
import { describeUnchecked, endAgents } from './end-agents.ts';
import { recordFact } from './record-fact.ts';
import { withSessionChange } from './session-change.ts';

export interface StopResult {
  readonly session: string;
  readonly agents: readonly string[];
  /** Runs whose container or processes had to be removed here because their `adr run` did not. */
  readonly leftovers: number;
  /** Processes that did not end when asked to. */
  readonly killed: number;
}

/**
 * Ends a session for good: every agent is asked to end and its container removed, then the tmux session goes, and what
 * is still there is killed. Throws SESSION_NOT_FOUND, PARTLY_DONE.
 */
export async function stopSession(context: TmuxContext, name: string): Promise<StopResult> {
  const session = await beginStop(context, findSession(await observeServer(context.tmux), name));
  const ended = await endAgents(context, session, session.panes, true);
  // Before it is gone: who sees that it is reads here why.
  await recordFact(context, session, { kind: 'session', to: 'stopped' });
  await killSession(context.tmux, session);
  if (ended.unchecked !== undefined) throw describeUnchecked(`stopped ${session.name}`, ended.unchecked);
  const { leftovers, killed } = ended;
  return { session: session.name, agents: session.panes.map(({ agent }) => agent), leftovers, killed };
}

/** From here on nothing is added to the session, and it is not wanted any more. Gives it as it is then. */
async function beginStop(context: TmuxContext, session: ObservedSession): Promise<ObservedSession> {
  const { tmux, env, clock } = context;
  const mark = async (): Promise<void> => {
    if (session.key !== '') await tmux.run(['set-option', '-t', session.key, '@adr_stopping', '1']);
    // A wish that cannot be changed keeps nobody from stopping.
    await updateWish(env, session.id, (wish) => ({ ...wish, stoppedAt: clock.now() })).catch(() => undefined);
  };
  await withSessionChange(context, session.id, mark).catch(async (error: unknown) => {
    if (!(error instanceof AdrError) || error.code !== 'LOCKED') throw error;
    await mark();
  });
  const { sessions } = await observeServer(tmux);
  return sessions.find(({ id }) => id === session.id) ?? session;
}
