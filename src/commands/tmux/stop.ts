import { killSession } from '../../session/end-panes.ts';
import { findSession } from '../../session/find-session.ts';
import { stripPrefix } from '../../session/names.ts';
import { type ObservedServer, type ObservedSession, observeServer } from '../../session/observed.ts';
import { updateWish, type Wish } from '../../session/wish.ts';
import type { TmuxContext } from './context.ts';
import { describeUnchecked, endAgents } from './end-agents.ts';
import { endLeftoversOf } from './end-leftovers.ts';
import { type EndedTree, endTrees } from './end-trees.ts';
import { purgeName, purgeSession } from './purge.ts';
import { recordFact } from './record-fact.ts';
import { withSessionChange } from './session-change.ts';

export interface StopResult {
  readonly session: string;
  readonly agents: readonly string[];
  /** Runs whose container or processes had to be removed here because their `adr run` did not. */
  readonly leftovers: number;
  /** Processes that did not end when asked to. */
  readonly killed: number;
  /** Nothing is kept of it. */
  readonly purged: boolean;
  /** The agents' own trees: those with work in them stay, also of a purged session. */
  readonly trees: readonly EndedTree[];
}

/**
 * Ends a session for good: every agent is asked to end and its container removed, then the tmux session goes, and what
 * is still there is killed. It can be resumed for a while, unless `purge` is set: then nothing is kept of it. Where none
 * of that name runs, `purge` forgets those that have ended. Throws SESSION_NOT_FOUND, PARTLY_DONE.
 */
export async function stopSession(context: TmuxContext, name: string, purge: boolean): Promise<StopResult> {
  const server = await observeServer(context.tmux);
  const purged = purge ? await purgeEnded(context, server, name) : undefined;
  if (purged) return purged;
  const session = await beginStop(context, findSession(server, name));
  const ended = await endAgents(context, session, session.panes, true);
  // Before it is gone: who sees that it is reads here why.
  await recordFact(context, session, { kind: 'session', to: 'stopped' });
  await killSession(context.tmux, session);
  if (purge) await purgeSession(context.env, session);
  if (ended.unchecked !== undefined) throw describeUnchecked(`stopped ${session.name}`, ended.unchecked);
  const trees = await endTrees(context, session.id);
  const { leftovers, killed } = ended;
  const agents = session.panes.map(({ agent }) => agent);
  return { session: session.name, agents, leftovers, killed, purged: purge, trees };
}

/** Purges the sessions of a name that have ended; undefined when one runs, or none was kept. */
async function purgeEnded(
  context: TmuxContext,
  server: ObservedServer,
  given: string,
): Promise<StopResult | undefined> {
  const { env, tmux } = context;
  const { sessions } = server;
  const isRunning = (name: string): boolean => sessions.some((session) => session.name === name);
  const session = stripPrefix(given, isRunning);
  if (isRunning(session)) return undefined;
  const isOther = ({ socket }: Wish): boolean => socket !== tmux.socket;
  const ids = await purgeName(env, session, isOther, (wish) => endLeftoversOf(context, wish, server));
  if (ids.length === 0) return undefined;
  const trees = (await Promise.all(ids.map((id) => endTrees(context, id)))).flat();
  return { session, agents: [], leftovers: 0, killed: 0, purged: true, trees };
}

/** From here on nothing is added to the session, and it is not wanted any more. Gives it as it is then. */
async function beginStop(context: TmuxContext, session: ObservedSession): Promise<ObservedSession> {
  const { tmux, env, clock } = context;
  const mark = async (): Promise<void> => {
    if (session.key !== '') await tmux.run(['set-option', '-t', session.key, '@adr_stopping', '1']);
    // A wish that cannot be changed keeps nobody from stopping.
    await updateWish(env, session.id, (wish) => ({ ...wish, stoppedAt: clock.now() })).catch(() => undefined);
  };
  // Neither another change that takes long nor a full disk keeps anybody from stopping.
  await withSessionChange(context, session.id, mark).catch(mark);
  const { sessions } = await observeServer(tmux);
  return sessions.find(({ id }) => id === session.id) ?? session;
}
