import { AdrError } from '../../errors.ts';
import { arrangeAfter, listAgentWindows } from '../../session/add-plan.ts';
import { findSession } from '../../session/find-session.ts';
import { readLayout } from '../../session/layout.ts';
import { type ObservedPane, type ObservedSession, observeServer } from '../../session/observed.ts';
import { updateWish } from '../../session/wish.ts';
import { formatCommand } from '../../tmux/quote.ts';
import { type AgentChoice, choosePanes } from './choose-panes.ts';
import type { TmuxContext } from './context.ts';
import { describeUnchecked, endAgents } from './end-agents.ts';
import { type EndedTree, endTrees } from './end-trees.ts';
import { findChangeable, withSessionChange } from './session-change.ts';

export interface RemoveResult {
  readonly session: string;
  readonly removed: readonly string[];
  /** Their own trees: those with work in them stay. */
  readonly trees: readonly EndedTree[];
  readonly agents: readonly string[];
}

/**
 * Removes agents from a session: each is asked to end, its container and then its pane go. `allow` is asked first, and
 * throws when it must not be. Throws SESSION_NOT_FOUND, AGENT_NOT_FOUND, USAGE (nothing would be left), REFUSED,
 * PARTLY_DONE.
 */
export async function removeAgents(
  context: TmuxContext,
  request: AgentChoice & { readonly session: string },
  allow: (session: ObservedSession, panes: readonly ObservedPane[]) => Promise<void>,
): Promise<RemoveResult> {
  const known = findSession(await observeServer(context.tmux), request.session);
  const session = await findChangeable(context, known.name, known.id);
  const panes = choosePanes(session, request);
  if (panes.length === session.panes.length) throw describeLast(session.name, panes);
  await allow(session, panes);
  const ended = await endAgents(context, session, panes, false);
  const left = await withSessionChange(context, session.id, () => closePanes(context, session, panes));
  const removed = panes.map(({ agent }) => agent);
  if (ended.unchecked !== undefined) {
    throw describeUnchecked(`removed ${removed.join(', ')} from ${session.name}`, ended.unchecked);
  }
  const trees = await endTrees(context, session.id, removed);
  return { session: session.name, removed, trees, agents: left };
}

async function closePanes(
  context: TmuxContext,
  { name, id }: ObservedSession,
  ended: readonly ObservedPane[],
): Promise<readonly string[]> {
  const { tmux, env } = context;
  const session = await findChangeable(context, name, id);
  const runs = new Set(ended.map(({ run }) => run));
  // One that was restarted meanwhile is another's by now.
  const panes = session.panes.filter(({ run }) => runs.has(run));
  const left = session.panes.filter(({ run }) => !runs.has(run));
  if (left.length === 0) throw describeLast(name, panes);
  const closed = panes.map(({ pane }) => pane);
  const windows = await listAgentWindows(tmux, session);
  await tmux.batch([
    ...closed.map((pane) => formatCommand(['kill-pane', '-t', pane])),
    ...windows
      .flatMap((window) => arrangeAfter(readLayout(session.layout), window, closed))
      .map(formatCommand),
  ]);
  const names = new Set(left.map(({ agent }) => agent));
  await updateWish(env, id, (wish) => ({
    ...wish,
    agents: wish.agents.filter((agent) => names.has(agent.name)),
  }));
  return [...names];
}

function describeLast(session: string, panes: readonly ObservedPane[]): AdrError {
  const names = panes.map(({ agent }) => agent).join(', ');
  return new AdrError('USAGE', `nothing would be left of session "${session}" without ${names}`, {
    hint: `end the session: adr-tmux stop ${session}`,
  });
}
