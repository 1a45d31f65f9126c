import { attachSession } from '../../commands/tmux/attach.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux inject`. */
export async function runInject(context: CommandContext): Promise<number> {
  const { args, stdin, stdout } = context;
  return attachSession(makeTmuxContext(context), {
    session: args.string('session') ?? '',
    agent: args.string('agent'),
    readOnly: args.flag('read-only'),
    terminal: Boolean(stdin.isTTY && stdout.isTTY),
  });
}
