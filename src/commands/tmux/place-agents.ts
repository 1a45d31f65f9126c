import { AdrError } from '../../errors.ts';
import { buildAddChain, listAgentWindows } from '../../session/add-plan.ts';
import { readLayout, type Size } from '../../session/layout.ts';
import type { ObservedSession } from '../../session/observed.ts';
import type { SessionFacts } from '../../session/pane-plan.ts';
import { readPanes } from '../../session/start-plan.ts';
import { updateWish, type Wish } from '../../session/wish.ts';
import { removeTree } from '../../system/files.ts';
import { findRunDirectory } from '../../system/paths.ts';
import { describeFailure } from '../../tmux/errors.ts';
import { formatCommand } from '../../tmux/quote.ts';
import type { TmuxContext } from './context.ts';
import { type Launch, selectPaneEnvironment, toWishAgent, writeLaunchFile } from './launch-agents.ts';
import type { StartedAgent } from './start.ts';
import { chooseSessionEngine } from './wanted-agents.ts';

/** Where and what is to be placed. */
export interface Placement {
  readonly session: ObservedSession;
  readonly launches: readonly Launch[];
  /** Where the launches turned out to run. */
  readonly places: readonly { readonly engine: string; readonly context: string | undefined }[];
  readonly terminal: Size;
}

/**
 * Gives agents panes in a running session: all of them or none. The wish is written before, so that every agent that is
 * there is wanted. To be called while nobody else changes the session. Throws TMUX_FAILED, RESOURCE_LIMIT, REFUSED.
 */
export async function placeAgents(
  context: TmuxContext,
  { session, launches, places, terminal }: Placement,
): Promise<readonly StartedAgent[]> {
  const { tmux, clock, env } = context;
  const { name, id, workspace, createdAt } = session;
  const place = chooseSessionEngine([session, ...places]);
  const facts = {
    ...{ session: name, sessionId: id, workspace, createdAt, ...place },
    env: selectPaneEnvironment(env),
  };
  const names = new Set(launches.map(({ planned }) => planned.name));
  const windows = await listAgentWindows(tmux, session);
  const shown = windows.find(({ current }) => current) ?? windows[0];
  const { chain, order } = buildAddChain({
    facts,
    sessionKey: session.key,
    layout: readLayout(session.layout),
    windows,
    agents: launches.map(({ planned }) => planned),
    attached: session.attached,
    terminal: session.attached && shown ? shown.size : terminal,
    startedAt: clock.now(),
  });
  const added = launches.map(toWishAgent);
  const before = await updateWishAgents(context, session, facts, (agents) => [
    ...agents.filter((agent) => !names.has(agent.name)),
    ...added,
  ]);
  try {
    await Promise.all(launches.map((launch) => writeLaunchFile(env, launch)));
    // Before the panes: whoever looks for containers of theirs must find the engine.
    await tmux.batch(describeEngine(session, facts));
    const answer = await tmux.batch([chain]);
    const panes = readPanes(answer.stdout);
    if (!answer.ok || panes.length !== order.length) {
      await tmux.batch(panes.map((pane) => formatCommand(['kill-pane', '-t', pane])));
      if (answer.failure === 'no-space') throw describeNoSpace(session.name);
      throw describeFailure('split-window', answer.stderr);
    }
    return launches.map(({ planned }) => {
      const { type, run } = planned;
      return { type, name: planned.name, run, pane: panes[order.indexOf(planned)] ?? '' };
    });
  } catch (error) {
    await updateWish(env, id, (wish) => ({ ...wish, agents: before }));
    await Promise.all(launches.map(({ planned }) => removeTree(findRunDirectory(env, planned.run))));
    throw error;
  }
}

/**
 * Changes the agents of a wish and gives those before. Agents that are in tmux no more are dropped: what was killed in
 * the middle of an `add` or `remove` left them.
 */
async function updateWishAgents(
  { env }: TmuxContext,
  { id, panes }: ObservedSession,
  { engine, context }: Pick<SessionFacts, 'engine' | 'context'>,
  change: (agents: Wish['agents']) => Wish['agents'],
): Promise<Wish['agents']> {
  let before: Wish['agents'] = [];
  await updateWish(env, id, (wish) => {
    before = wish.agents.filter(({ name }) => panes.some(({ agent }) => agent === name));
    return { ...wish, engine, context, agents: change(before) };
  });
  return before;
}

function describeEngine(
  session: ObservedSession,
  { engine, context }: Pick<SessionFacts, 'engine' | 'context'>,
): readonly string[] {
  if (engine === session.engine && context === session.context) return [];
  const options: readonly (readonly [string, string])[] = [
    ['@adr_engine', engine],
    ...(context === undefined ? [] : [['@adr_context', JSON.stringify(context)] as const]),
  ];
  return options.flatMap(([name, value]) => [
    formatCommand(['set-option', '-t', session.key, name, value]),
    ...session.panes.map(({ pane }) => formatCommand(['set-option', '-p', '-t', pane, name, value])),
  ]);
}

function describeNoSpace(session: string): AdrError {
  return new AdrError('RESOURCE_LIMIT', `tmux has no room for another pane in session "${session}"`, {
    hint: 'make its terminal larger, or start another session',
  });
}
