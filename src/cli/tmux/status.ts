import { readStatus } from '../../commands/tmux/status.ts';
import { formatStatusJson, formatStatusTree } from '../../output/format-status.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux status`. */
export async function runStatus(context: CommandContext): Promise<number> {
  const { args, stdout, env } = context;
  const report = await readStatus(makeTmuxContext(context), args.string('session'));
  stdout.write(args.flag('json') ? formatStatusJson(report) : formatStatusTree(report, env));
  return 0;
}
