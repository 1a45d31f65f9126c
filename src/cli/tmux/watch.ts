import type { TmuxContext } from '../../commands/tmux/context.ts';
import type { CommandContext } from '../command.ts';

/** Placeholder until the view lands. */
export async function runWatch(_context: CommandContext, _tmux: TmuxContext): Promise<number> {
  return 1;
}
