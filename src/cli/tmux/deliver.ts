import { deliverFirstPrompts } from '../../commands/tmux/first-prompts.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** The hidden command that delivers first prompts in the background. */
export async function runDeliver(context: CommandContext): Promise<number> {
  const { args } = context;
  await deliverFirstPrompts(makeTmuxContext(context), args.string('id') ?? '', args.list('agent'));
  return 0;
}
