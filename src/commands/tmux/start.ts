import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { findWorkspace } from '../../container/workspace.ts';
import { AdrError } from '../../errors.ts';
import { type AgentSpec, parseAgentSpecs } from '../../session/agent-spec.ts';
import { executeStart } from '../../session/execute-start.ts';
import { checkName } from '../../session/names.ts';
import { observeServer } from '../../session/observed.ts';
import type { PlannedAgent, StartPlan } from '../../session/start-plan.ts';
import { makePrivateDirectory, removeTree, writePrivateFile } from '../../system/files.ts';
import { findOnPath } from '../../system/find-on-path.ts';
import { type Environment, findHome, findRunDirectory } from '../../system/paths.ts';
import { parseVersion, requireVersion } from '../../tmux/version.ts';
import type { TmuxContext } from './context.ts';
import { ensureMonitor } from './ensure-monitor.ts';

export interface StartRequest {
  readonly session: string;
  readonly agents: readonly string[];
  readonly workspace?: string | undefined;
  /** Options of `adr run` for every agent, as argv. */
  readonly runOptions: readonly string[];
  /** What the user wrote after `--`. */
  readonly agentArguments: readonly string[];
}

export interface StartResult {
  readonly session: string;
  readonly id: string;
  readonly workspace: string;
  readonly engine: string;
  readonly agents: readonly (AgentSpec & { readonly run: string; readonly pane: string })[];
}

/** Finds out, before anything is created, whether these agents could run at all; throws if not. Gives the engine. */
export type CheckAgents = (types: readonly string[], workspace: string) => Promise<string>;

/**
 * Starts a session, whole or not at all: everything is checked first, tmux creates it in one step, and what was made
 * for it is removed when that fails. Throws USAGE, AGENT_TYPE_UNKNOWN, WORKSPACE_INVALID, SESSION_EXISTS, TMUX_*, and
 * whatever `check` finds.
 */
export async function startSession(
  context: TmuxContext,
  request: StartRequest,
  check: CheckAgents,
): Promise<StartResult> {
  const { tmux, clock, version } = context;
  const session = checkName('session', request.session);
  const specs = parseAgentSpecs(request.agents, await context.types.listNames());
  const workspace = await findWorkspace(resolve(context.cwd, request.workspace ?? '.'));
  await checkProgram(context);
  requireVersion(parseVersion(await tmux.must(['-V'])));
  const server = await observeServer(tmux);
  if (server.sessions.some((running) => running.name === session)) throw describeExisting(session);
  const engine = await check([...new Set(specs.map(({ type }) => type))], workspace);
  const plan: StartPlan = {
    session,
    sessionId: randomBytes(6).toString('hex'),
    workspace,
    engine,
    reports: !request.runOptions.includes('--no-reports'),
    version,
    createdAt: clock.now(),
    agents: specs.map((spec) => planAgent(context, spec, session, workspace, request)),
    env: selectPaneEnvironment(context.env),
  };
  const directories = plan.agents.map(({ run }) => findRunDirectory(context.env, run));
  try {
    await Promise.all(directories.map((directory) => writeLaunchFile(directory, context.env)));
    const started = await executeStart(tmux, plan);
    await ensureMonitor(context, server.monitor);
    const agents = plan.agents.map(({ type, name, run }, index) => ({
      ...{ type, name, run },
      pane: started.panes[index] ?? '',
    }));
    return { session, id: plan.sessionId, workspace, engine, agents };
  } catch (error) {
    await Promise.all(directories.map(removeTree));
    throw error;
  }
}

/** `adr` itself: a wrong ADR_BIN would show in the panes only. */
async function checkProgram({ adrCommand, env }: TmuxContext): Promise<void> {
  const program = adrCommand[0] ?? '';
  if ((await findOnPath(program, env)) !== undefined) return;
  throw new AdrError('USAGE', `cannot run "${program}"`, {
    hint: 'ADR_BIN must name a program; unset it to use adr itself',
  });
}

function describeExisting(session: string): AdrError {
  return new AdrError('SESSION_EXISTS', `session "${session}" is already running`, {
    hint: `attach to it: adr-tmux inject ${session}, or end it: adr-tmux stop ${session}`,
  });
}

function planAgent(
  context: TmuxContext,
  spec: AgentSpec,
  session: string,
  workspace: string,
  request: StartRequest,
): PlannedAgent {
  const rest = request.agentArguments.length > 0 ? ['--', ...request.agentArguments] : [];
  return {
    ...spec,
    run: randomBytes(6).toString('hex'),
    command: [
      ...context.adrCommand,
      ...['run', spec.type, '-w', workspace, '--session', session, '--name', spec.name],
      ...request.runOptions,
      ...rest,
    ],
  };
}

/** What a pane must know to find its run directory; tmux shows these to everybody, so nothing else. */
function selectPaneEnvironment(env: Environment): Readonly<Record<string, string>> {
  const state = env.XDG_STATE_HOME;
  return { HOME: findHome(env), ...(state ? { XDG_STATE_HOME: state } : {}) };
}

/** Variables that belong to the terminal `start` was typed in, not to the agents. */
const OWN_TERMINAL =
  /^(TMUX(_.*)?|TERM(_.*)?|COLORTERM|COLUMNS|LINES|PWD|OLDPWD|SHLVL|_|ADR_BIN|ADR_RUN_ID|ADR_SESSION_ID)$/;

/**
 * The user's environment for `adr run`, which reads and removes this file at once: a tmux server that runs already
 * hands its own environment to panes, and argv would show secrets to every user.
 */
async function writeLaunchFile(directory: string, env: Environment): Promise<void> {
  const handed = Object.fromEntries(Object.entries(env).filter(([name]) => !OWN_TERMINAL.test(name)));
  await makePrivateDirectory(directory);
  await writePrivateFile(join(directory, 'launch.json'), JSON.stringify({ v: 1, env: handed }));
}
