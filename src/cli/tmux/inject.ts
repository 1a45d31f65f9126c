import { attachSession } from '../../commands/tmux/attach.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux inject`. */
export async function runInject(context: CommandContext): Promise<number> {
  const { args, stdin, stdout } = context;
  const terminal = Boolean(stdin.isTTY && stdout.isTTY);
  return attachSession(makeTmuxContext(context), args.string('session') ?? '', terminal);
}
