import { removeAgents } from '../../commands/tmux/remove.ts';
import { formatEndedTrees } from '../../output/format-trees.ts';
import type { CommandContext } from '../command.ts';
import { readAgentChoice } from './agent-choice.ts';
import { makeAtWorkQuestion } from './ask-at-work.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux remove`. */
export async function runRemove(context: CommandContext): Promise<number> {
  const { args, stdout, env } = context;
  const tmuxContext = makeTmuxContext(context);
  const result = await removeAgents(
    tmuxContext,
    { ...readAgentChoice(args), session: args.string('session') ?? '' },
    makeAtWorkQuestion(context, tmuxContext, 'Remove'),
  );
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, ...result }, null, 2)}\n`);
  else {
    stdout.write(
      `removed from ${result.session}: ${result.removed.join(', ')} (left: ${result.agents.join(', ')})\n`,
    );
    stdout.write(
      formatEndedTrees(result.trees, env)
        .map((line) => `${line}\n`)
        .join(''),
    );
  }
  return 0;
}
