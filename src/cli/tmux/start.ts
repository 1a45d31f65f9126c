import { type StartResult, startSession } from '../../commands/tmux/start.ts';
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
  const result = await startSession(
    tmuxContext,
    {
      ...(await readAgentsRequest(context)),
      session: args.string('session') ?? '',
      layout: readLayout(args.string('layout') ?? 'tiled'),
      terminal: readTerminalSize(context),
    },
    makeSessionCheck(context, tmuxContext),
  );
  await warnUnconfined(context, tmuxContext, result);
  const json = args.flag('json') ?? false;
  if (!json) stdout.write(formatStarted(result, context));
  const prompts = await tellFirstPrompts(context, tmuxContext, result);
  if (json) stdout.write(`${JSON.stringify({ v: 1, ...result, prompts: prompts.results }, null, 2)}\n`);
  return prompts.exitCode;
}

function formatStarted({ session, workspace, agents }: StartResult, { env }: CommandContext): string {
  const width = Math.max(...agents.map(({ name }) => name.length));
  const lines = agents.map(({ name, type }) => `  ${name.padEnd(width)}  ${type}`);
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
