import { addAgents } from '../../commands/tmux/add.ts';
import { stripControls } from '../../output/strip-controls.ts';
import { abbreviateHome } from '../../system/paths.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';
import { makeSessionCheck, warnUnconfined } from './make-session-check.ts';
import { readAgentsRequest, readTerminalSize } from './read-agents.ts';
import { tellFirstPrompts } from './tell-first-prompts.ts';

/** `adr-tmux add`. */
export async function runAdd(context: CommandContext): Promise<number> {
  const { args, stdout, env } = context;
  const tmuxContext = makeTmuxContext(context);
  const result = await addAgents(
    tmuxContext,
    {
      ...(await readAgentsRequest(context)),
      session: args.string('session') ?? '',
      terminal: readTerminalSize(context),
    },
    makeSessionCheck(context, tmuxContext),
  );
  await warnUnconfined(context, tmuxContext, result);
  for (const note of result.notes ?? []) context.stderr.write(`note: ${stripControls(note)}\n`);
  const json = args.flag('json') ?? false;
  if (!json) {
    const names = result.agents.map(({ name }) => name).join(', ');
    stdout.write(`added to ${result.session} in ${abbreviateHome(result.workspace, env)}: ${names}\n`);
  }
  const prompts = await tellFirstPrompts(context, tmuxContext, result);
  if (json) stdout.write(`${JSON.stringify({ v: 1, ...result, prompts: prompts.results }, null, 2)}\n`);
  return prompts.exitCode;
}
