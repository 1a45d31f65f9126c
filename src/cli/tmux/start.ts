import { resolve } from 'node:path';
import type { TmuxContext } from '../../commands/tmux/context.ts';
import { type StartRequest, type StartResult, startSession } from '../../commands/tmux/start.ts';
import { mergeRequests, readTeam } from '../../commands/tmux/team.ts';
import { AdrError } from '../../errors.ts';
import { stripControls } from '../../output/strip-controls.ts';
import { readLayout } from '../../session/layout.ts';
import { abbreviateHome } from '../../system/paths.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';
import { makeSessionCheck, warnUnconfined } from './make-session-check.ts';
import { readAgentsRequest, readTerminalSize } from './read-agents.ts';
import { tellFirstPrompts } from './tell-first-prompts.ts';

/** `adr-tmux start`. */
export async function runStart(context: CommandContext): Promise<number> {
  const { args, stdout } = context;
  const tmuxContext = makeTmuxContext(context);
  const { cwd, ...request } = await readStartRequest(context, tmuxContext);
  const result = await startSession(
    { ...tmuxContext, cwd },
    { ...request, terminal: readTerminalSize(context) },
    makeSessionCheck(context, tmuxContext),
  );
  await warnUnconfined(context, tmuxContext, result);
  for (const note of result.notes ?? []) context.stderr.write(`note: ${stripControls(note)}\n`);
  const json = args.flag('json') ?? false;
  if (!json) stdout.write(formatStarted(result, context));
  const prompts = await tellFirstPrompts(context, tmuxContext, result);
  if (json) stdout.write(`${JSON.stringify({ v: 1, ...result, prompts: prompts.results }, null, 2)}\n`);
  return prompts.exitCode;
}

/** From the command line, and from a team file where one is named. */
async function readStartRequest(
  context: CommandContext,
  tmuxContext: TmuxContext,
): Promise<Omit<StartRequest, 'terminal'> & { readonly cwd: string }> {
  const { args } = context;
  const given = await readAgentsRequest(context);
  const file = args.string('file');
  const session = args.string('session');
  const layout = args.string('layout');
  if (file === undefined) {
    if (session === undefined) {
      throw new AdrError('USAGE', 'no session named', { hint: 'adr-tmux start NAME --agent pi:main' });
    }
    return { ...given, session, layout: readLayout(layout ?? 'tiled'), cwd: tmuxContext.cwd };
  }
  const team = await readTeam(tmuxContext, file);
  const name = session ?? team.name;
  if (name === undefined) {
    throw new AdrError('USAGE', `"${file}" does not name the session`, {
      hint: `add name = "..." to it, or: adr-tmux start NAME -f ${file}`,
    });
  }
  const workspace = given.workspace === undefined ? undefined : resolve(tmuxContext.cwd, given.workspace);
  return {
    ...mergeRequests(team, { ...given, workspace }),
    session: name,
    layout: readLayout(layout ?? team.layout ?? 'tiled'),
    cwd: team.cwd,
    team: team.file,
  };
}

function formatStarted({ session, workspace, agents }: StartResult, { env }: CommandContext): string {
  const width = Math.max(...agents.map(({ name }) => name.length));
  const types = Math.max(...agents.map(({ type }) => type.length));
  const lines = agents.map(({ name, type, tree }) =>
    `  ${name.padEnd(width)}  ${type.padEnd(types)}  ${tree ? `branch ${tree.branch}` : ''}`.trimEnd(),
  );
  const target = agents.length > 1 ? ` --agent ${agents[0]?.name}` : '';
  return `${[
    `started ${session} in ${abbreviateHome(workspace, env)}`,
    ...lines,
    '',
    `send:    adr-tmux send ${session}${target} "your prompt"`,
    `watch:   adr-tmux watch ${session}`,
    `attach:  adr-tmux inject ${session}`,
    `stop:    adr-tmux stop ${session}`,
  ].join('\n')}\n`;
}
