import { explainAgent } from '../../commands/tmux/explain-live.ts';
import { formatExplanation, formatExplanationJson } from '../../output/format-explain.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux explain SESSION`: the verdict on one agent and everything behind it. */
export async function runExplainLive(context: CommandContext): Promise<number> {
  const { args, env, stdout } = context;
  const wanted = { session: args.string('session') ?? '', agent: args.string('agent') };
  const explanation = await explainAgent(makeTmuxContext(context), wanted);
  stdout.write(args.flag('json') ? formatExplanationJson(explanation) : formatExplanation(explanation, env));
  return 0;
}
