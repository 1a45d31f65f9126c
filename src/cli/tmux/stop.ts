import { type StopResult, stopSession } from '../../commands/tmux/stop.ts';
import { formatEndedTrees } from '../../output/format-trees.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux stop`. */
export async function runStop(context: CommandContext): Promise<number> {
  const { args, stdout, env } = context;
  const result = await stopSession(
    makeTmuxContext(context),
    args.string('session') ?? '',
    args.flag('purge') ?? false,
  );
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, ...result }, null, 2)}\n`);
  else stdout.write(`${[describeStopped(result), ...formatEndedTrees(result.trees, env)].join('\n')}\n`);
  return 0;
}

function describeStopped({ session, agents, purged }: StopResult): string {
  if (agents.length === 0 && purged) return `nothing is kept of ${session}`;
  return `stopped ${session}: ${agents.join(', ')}${purged ? '; nothing is kept of it' : ''}`;
}
