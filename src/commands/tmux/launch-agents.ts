import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { AdrError } from '../../errors.ts';
import type { PlannedAgent, SessionFacts } from '../../session/pane-plan.ts';
import type { WishAgent } from '../../session/wish.ts';
import { makePrivateDirectory, writePrivateFile } from '../../system/files.ts';
import { findOnPath } from '../../system/find-on-path.ts';
import { type Environment, findHome, findRunDirectory } from '../../system/paths.ts';
import type { TmuxContext } from './context.ts';
import type { CheckedRun, WantedAgent } from './wanted-agents.ts';

/** An agent about to be started: what the user wants, and the run it will be. */
export interface Launch {
  readonly wanted: WantedAgent;
  readonly planned: PlannedAgent;
}

/** Gives an agent its run and its pane's command line, which says nothing that is not for everybody. */
export function planLaunch(
  { adrCommand }: Pick<TmuxContext, 'adrCommand'>,
  session: string,
  wanted: WantedAgent,
  index: number,
  checked: Pick<CheckedRun, 'reports' | 'ports'> | undefined,
): Launch {
  const { type, name, workspace } = wanted;
  return {
    wanted,
    planned: {
      ...{ type, name, workspace, index, reports: checked?.reports ?? true, ports: checked?.ports ?? [] },
      run: randomBytes(6).toString('hex'),
      command: [...adrCommand, 'run', type, '-w', workspace, '--session', session, '--name', name],
    },
  };
}

/** What the wish keeps of a launch; the conversation that it goes on with stands there at once. */
export function toWishAgent({ wanted, planned }: Launch): WishAgent {
  const { prompt, options, worktree: _asked, ...rest } = wanted;
  return {
    ...rest,
    options: options as WishAgent['options'],
    index: planned.index,
    run: planned.run,
    ...(prompt === undefined ? {} : { prompt: { text: prompt } }),
  };
}

/** Variables that belong to the terminal `start` was typed in, not to the agents. */
const OWN_TERMINAL =
  /^(TMUX(_.*)?|TERM(_.*)?|COLORTERM|COLUMNS|LINES|PWD|OLDPWD|SHLVL|_|ADR_BIN|ADR_RUN_ID|ADR_SESSION_ID)$/;

/**
 * Leaves the user's environment and the agent's options for `adr run`, which reads and removes this file at once: a tmux
 * server that runs already hands its own environment to panes, and argv would show secrets to every user.
 */
export async function writeLaunchFile(env: Environment, { wanted, planned }: Launch): Promise<void> {
  const directory = findRunDirectory(env, planned.run);
  const handed = Object.fromEntries(Object.entries(env).filter(([name]) => !OWN_TERMINAL.test(name)));
  const { cwd, options, readOnly, configFile, args, conversation } = wanted;
  const request = { cwd, flags: options, readOnly, configFile, args, conversation };
  await makePrivateDirectory(directory);
  await writePrivateFile(join(directory, 'launch.json'), JSON.stringify({ v: 1, env: handed, request }));
}

/** What a pane must know to find its run directory; tmux shows these to everybody, so nothing else. */
export function selectPaneEnvironment(env: Environment): SessionFacts['env'] {
  const state = env.XDG_STATE_HOME;
  return { HOME: findHome(env), ...(state ? { XDG_STATE_HOME: state } : {}) };
}

/** `adr` itself: a wrong ADR_BIN would show in the panes only. Throws USAGE. */
export async function checkProgram({ adrCommand, env }: TmuxContext): Promise<void> {
  const program = adrCommand[0] ?? '';
  if ((await findOnPath(program, env)) !== undefined) return;
  throw new AdrError('USAGE', `cannot run "${program}"`, {
    hint: 'ADR_BIN must name a program; unset it to use adr itself',
  });
}
