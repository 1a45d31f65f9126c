import { findSignsInForce } from '../../commands/tmux/explain-signs.ts';
import { openAgentTypes } from '../../config/agent-types.ts';
import { formatSigns } from '../../output/format-signs.ts';
import type { CommandContext } from '../command.ts';

/** `adr-tmux explain --signs`: the signs in force, in the form of a signs.json. */
export async function runPrintSigns(context: CommandContext): Promise<number> {
  const { args, env, stdout, stderr } = context;
  const found = await findSignsInForce({ types: openAgentTypes(env), env }, args.string('signs') ?? '');
  if (found.problem) {
    stderr.write(
      `warning: ${found.problem.message}\n${found.problem.hint ? `  ${found.problem.hint}\n` : ''}`,
    );
  }
  stdout.write(formatSigns(found, env));
  return 0;
}
