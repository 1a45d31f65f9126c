import { type RestartResult, restartAgents } from '../../commands/tmux/restart.ts';
import { describeContinuation } from '../../output/format-resume.ts';
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
      resume: args.flag('resume') ?? false,
    },
    makeSessionCheck(context, tmuxContext),
    makeAtWorkQuestion(context, tmuxContext, 'Restart'),
  );
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, ...result }, null, 2)}\n`);
  else stdout.write(formatRestarted(result));
  return 0;
}

function formatRestarted({ session, agents, continuations }: RestartResult): string {
  const lines = agents.map(({ name }, at) => {
    const continuation = continuations?.[at];
    return continuation && `  ${name}: ${describeContinuation(continuation)}`;
  });
  const names = agents.map(({ name }) => name).join(', ');
  return `${[`restarted in ${session}: ${names}`, ...lines.filter((line) => line !== undefined)].join('\n')}\n`;
}
