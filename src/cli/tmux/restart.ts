import { restartAgents } from '../../commands/tmux/restart.ts';
import type { CommandContext } from '../command.ts';
import { readAgentChoice } from './agent-choice.ts';
import { makeAtWorkQuestion } from './ask-at-work.ts';
import { makeTmuxContext } from './make-context.ts';
import { makeSessionCheck } from './make-session-check.ts';
import { readTerminalSize } from './read-agents.ts';

/** `adr-tmux restart`. */
export async function runRestart(context: CommandContext): Promise<number> {
  const { args, stdout } = context;
  const tmuxContext = makeTmuxContext(context);
  const result = await restartAgents(
    tmuxContext,
    {
      ...readAgentChoice(args),
      session: args.string('session') ?? '',
      terminal: readTerminalSize(context),
    },
    makeSessionCheck(context, tmuxContext),
    makeAtWorkQuestion(context, tmuxContext, 'Restart'),
  );
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, ...result }, null, 2)}\n`);
  else stdout.write(`restarted in ${result.session}: ${result.agents.map(({ name }) => name).join(', ')}\n`);
  return 0;
}
