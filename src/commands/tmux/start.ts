import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { findWorkspace } from '../../container/workspace.ts';
import { AdrError } from '../../errors.ts';
import type { AgentSpec } from '../../session/agent-spec.ts';
import { executeStart } from '../../session/execute-start.ts';
import { type Layout, type Size, splitIntoWindows } from '../../session/layout.ts';
import { checkName } from '../../session/names.ts';
import { type ObservedServer, observeServer } from '../../session/observed.ts';
import type { StartPlan } from '../../session/start-plan.ts';
import { removeWish, type Wish, writeWish } from '../../session/wish.ts';
import { removeTree } from '../../system/files.ts';
import { findRunDirectory } from '../../system/paths.ts';
import { parseVersion, requireVersion } from '../../tmux/version.ts';
import type { TmuxContext } from './context.ts';
import { ensureMonitor } from './ensure-monitor.ts';
import {
  checkProgram,
  type Launch,
  planLaunch,
  selectPaneEnvironment,
  toWishAgent,
  writeLaunchFile,
} from './launch-agents.ts';
import { withTrees } from './plant-trees.ts';
import { pruneSessions } from './purge.ts';
import {
  type AgentsRequest,
  type CheckAgents,
  type CheckedRun,
  chooseSessionEngine,
  type EnginePlace,
  resolveAgents,
  type WantedAgent,
} from './wanted-agents.ts';

export interface StartRequest extends AgentsRequest {
  readonly session: string;
  readonly layout: Layout;
  /** The terminal that will look at it: panes that would be too small there go to further windows. */
  readonly terminal: Size;
  /** The team file it is described in. */
  readonly team?: string | undefined;
}

/** A session as it is to be created, its agents read. */
export interface SessionWanted extends Pick<StartRequest, 'session' | 'layout' | 'terminal' | 'team'> {
  /** Canonical path. */
  readonly workspace: string;
  readonly agents: readonly WantedAgent[];
  /** The id it is to have; undefined: a new one. */
  readonly id?: string | undefined;
}

/** An agent that was started. */
export interface StartedAgent extends AgentSpec {
  readonly run: string;
  readonly pane: string;
  /** Of its own tree. */
  readonly tree?: { readonly path: string; readonly branch: string } | undefined;
}

export interface StartResult {
  readonly session: string;
  readonly id: string;
  readonly workspace: string;
  readonly engine: string;
  readonly agents: readonly StartedAgent[];
  /** What the user should know of it. */
  readonly notes?: readonly string[] | undefined;
}

/**
 * Starts a session of the agents asked for. Throws USAGE, AGENT_TYPE_UNKNOWN, WORKSPACE_INVALID, SESSION_EXISTS,
 * TMUX_*, and whatever `check` finds.
 */
export async function startSession(
  context: TmuxContext,
  request: StartRequest,
  check: CheckAgents,
): Promise<StartResult> {
  const session = checkName('session', request.session);
  const workspace = await findWorkspace(resolve(context.cwd, request.workspace ?? '.'));
  const agents = await resolveAgents(context, request, workspace);
  return createSession(context, { ...request, session, workspace, agents }, check);
}

/**
 * Creates a session, whole or not at all: everything is checked first, tmux creates it in one step, and what was made
 * for it is removed when that fails. Throws SESSION_EXISTS, TMUX_*, and whatever `check` finds.
 */
export async function createSession(
  context: TmuxContext,
  wanted: SessionWanted,
  check: CheckAgents,
): Promise<StartResult> {
  await checkTools(context);
  const server = await observeServer(context.tmux);
  if (server.sessions.some((running) => running.name === wanted.session))
    throw describeExisting(wanted.session);
  const checked = await check(wanted.agents);
  const id = randomBytes(6).toString('hex');
  const owner = { sessionId: id, session: wanted.session };
  return withTrees(context, owner, wanted.agents, checked, (agents) =>
    openSession(context, { ...wanted, id, agents }, checked, server),
  );
}

/** Throws USAGE, TMUX_MISSING, TMUX_TOO_OLD. */
export async function checkTools(context: TmuxContext): Promise<void> {
  await checkProgram(context);
  requireVersion(parseVersion(await context.tmux.must(['-V'])));
}

/**
 * Creates a session whose agents were checked, as a new one or, with the same id, the one that was `kept`. Its wish is
 * written before, so that a session that is there has one; when it fails the wish is again what it was. Throws
 * SESSION_EXISTS, TMUX_*.
 */
export async function openSession(
  context: TmuxContext,
  wanted: SessionWanted,
  checked: readonly CheckedRun[],
  server: Pick<ObservedServer, 'monitor'>,
  kept?: Wish,
): Promise<StartResult> {
  const { tmux, env } = context;
  const { session, workspace } = wanted;
  const launches = wanted.agents.map((agent, at) =>
    planLaunch(context, session, agent, kept?.agents[at]?.index ?? at, checked[at]),
  );
  const plan = planSession(context, wanted, launches, chooseSessionEngine(checked), kept?.id ?? wanted.id);
  try {
    await Promise.all(launches.map((launch) => writeLaunchFile(env, launch)));
    await writeWish(env, toWish(context, plan, wanted, launches, kept));
    const { panes } = await executeStart(tmux, plan);
    await ensureMonitor(context, server.monitor);
    await pruneSessions(env, plan.createdAt).catch(() => undefined);
    const agents = launches.map(({ planned: { type, name, run } }, index) => ({
      ...{ type, name, run },
      pane: panes[index] ?? '',
    }));
    return { session, id: plan.sessionId, workspace, engine: plan.engine, agents };
  } catch (error) {
    if (kept) await writeWish(env, kept);
    else await removeWish(env, plan.sessionId);
    await Promise.all(launches.map(({ planned }) => removeTree(findRunDirectory(env, planned.run))));
    throw error;
  }
}

function planSession(
  { env, version, clock }: TmuxContext,
  { session, workspace, layout, terminal }: SessionWanted,
  launches: readonly Launch[],
  place: EnginePlace,
  sessionId = randomBytes(6).toString('hex'),
): StartPlan {
  let used = 0;
  const windows = splitIntoWindows(layout, launches.length, terminal).map((size) => {
    const taken = launches.slice(used, used + size).map(({ planned }) => planned);
    used += size;
    return taken;
  });
  return {
    ...{ session, workspace, layout, version, windows, ...place },
    sessionId,
    createdAt: clock.now(),
    env: selectPaneEnvironment(env),
  };
}

function toWish(
  { tmux }: TmuxContext,
  plan: StartPlan,
  { team }: SessionWanted,
  launches: readonly Launch[],
  kept: Wish | undefined,
): Wish {
  const { sessionId, session, workspace, engine, context, layout, createdAt } = plan;
  return {
    ...{ v: 1, id: sessionId, name: session, socket: tmux.socket },
    ...{ workspace, engine, context, layout, createdAt, team },
    agents: launches.map((launch, at) => {
      const agent = toWishAgent(launch);
      // What became of the first prompt is kept with it.
      return { ...agent, prompt: agent.prompt ?? kept?.agents[at]?.prompt };
    }),
  };
}

function describeExisting(session: string): AdrError {
  return new AdrError('SESSION_EXISTS', `session "${session}" is already running`, {
    hint: `attach to it: adr-tmux inject ${session}, or end it: adr-tmux stop ${session}`,
  });
}
