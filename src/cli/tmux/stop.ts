import { stopSession } from '../../commands/tmux/stop.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux stop`. */
export async function runStop(context: CommandContext): Promise<number> {
  const { args, stdout } = context;
  const result = await stopSession(makeTmuxContext(context), args.string('session') ?? '');
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, ...result }, null, 2)}\n`);
  else stdout.write(`stopped ${result.session}: ${result.agents.join(', ')}\n`);
  return 0;
}
