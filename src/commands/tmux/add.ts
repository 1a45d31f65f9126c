import { resolve } from 'node:path';
import { findWorkspace } from '../../container/workspace.ts';
import { findSession } from '../../session/find-session.ts';
import type { Size } from '../../session/layout.ts';
import { observeServer } from '../../session/observed.ts';
import type { TmuxContext } from './context.ts';
import { ensureMonitor } from './ensure-monitor.ts';
import { checkProgram, planLaunch } from './launch-agents.ts';
import { placeAgents } from './place-agents.ts';
import { withTrees } from './plant-trees.ts';
import { findChangeable, needWish, withSessionChange } from './session-change.ts';
import type { StartResult } from './start.ts';
import { type AgentsRequest, type CheckAgents, chooseSessionEngine, resolveAgents } from './wanted-agents.ts';

export interface AddRequest extends AgentsRequest {
  readonly session: string;
  /** The terminal to plan for while nobody looks at the session. */
  readonly terminal: Size;
}

/**
 * Adds agents to a running session: all of them or none, each checked first as `start` does. Throws SESSION_NOT_FOUND,
 * USAGE, AGENT_TYPE_UNKNOWN, NAME_CONFLICT, WORKSPACE_INVALID, REFUSED, LOCKED, TMUX_*, and whatever `check` finds.
 */
export async function addAgents(
  context: TmuxContext,
  request: AddRequest,
  check: CheckAgents,
): Promise<StartResult> {
  const server = await observeServer(context.tmux);
  const known = findSession(server, request.session);
  const { name, id } = known;
  await findChangeable(context, name, id);
  await needWish(context, known);
  await checkProgram(context);
  const workspace =
    request.workspace === undefined
      ? known.workspace
      : await findWorkspace(resolve(context.cwd, request.workspace));
  const read = (taken: readonly string[]) => resolveAgents(context, request, workspace, taken);
  const checked = await check(await read(known.panes.map(({ agent }) => agent)));
  chooseSessionEngine([known, ...checked]);
  const { agents, notes } = await withSessionChange(context, id, async () => {
    // Another `add` may have taken names meanwhile: what was named is refused, what was not gets the next number.
    const session = await findChangeable(context, name, id);
    const wanted = await read(session.panes.map(({ agent }) => agent));
    const next = Math.max(-1, ...session.panes.map(({ index }) => index)) + 1;
    return withTrees(context, { sessionId: id, session: name }, wanted, checked, async (planted) => {
      const launches = planted.map((agent, at) => planLaunch(context, name, agent, next + at, checked[at]));
      const places = { session, launches, places: checked, terminal: request.terminal };
      return { agents: await placeAgents(context, places) };
    });
  });
  await ensureMonitor(context, server.monitor);
  const { engine } = chooseSessionEngine([known, ...checked]);
  return { session: name, id, workspace: known.workspace, engine, agents, notes };
}
