import { type MergeRequest, mergeTree } from '../../commands/tmux/merge.ts';
import { AdrError } from '../../errors.ts';
import { formatMerged } from '../../output/format-trees.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux merge`. */
export async function runMerge(context: CommandContext): Promise<number> {
  const { args, stdout, env } = context;
  const result = await mergeTree(makeTmuxContext(context), readRequest(context));
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, ...result }, null, 2)}\n`);
  else
    stdout.write(
      formatMerged(result, env)
        .map((line) => `${line}\n`)
        .join(''),
    );
  return 0;
}

/** Throws USAGE. */
function readRequest({ args }: CommandContext): MergeRequest {
  const refuse = (first: string, second: string): AdrError =>
    new AdrError('USAGE', `${first} and ${second} were both given`, { hint: 'keep one of them' });
  const commit = args.flag('commit') ?? false;
  const only = args.flag('only-commits') ?? false;
  const squash = args.flag('squash') ?? false;
  const noFf = args.flag('no-ff') ?? false;
  if (commit && only) throw refuse('--commit', '--only-commits');
  if (squash && noFf) throw refuse('--squash', '--no-ff');
  return {
    session: args.string('session') ?? '',
    agent: args.string('agent'),
    branch: args.string('branch'),
    uncommitted: commit ? 'commit' : only ? 'leave' : undefined,
    message: args.string('message'),
    how: squash ? 'squash' : noFf ? 'no-ff' : 'usual',
  };
}
