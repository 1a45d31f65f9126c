import { describeWork } from '../../commands/tmux/describe-work.ts';
import { type Doomed, discardTrees } from '../../commands/tmux/discard.ts';
import { findTree } from '../../commands/tmux/find-trees.ts';
import { AdrError } from '../../errors.ts';
import { cleanLine } from '../../output/clean-line.ts';
import { formatDiscarded } from '../../output/format-trees.ts';
import { hasWork } from '../../trees/inspect.ts';
import { askYesNo } from '../ask.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux discard`. */
export async function runDiscard(context: CommandContext): Promise<number> {
  const { args, stdout } = context;
  const tmuxContext = makeTmuxContext(context);
  const session = args.string('session') ?? '';
  const agents = args.list('agent');
  const all = args.flag('all') ?? false;
  if (all && agents.length > 0) {
    throw new AdrError('USAGE', '--all and --agent were given', { hint: 'give one of them' });
  }
  // Without a name there must be only one.
  const chosen =
    all || agents.length > 0 ? agents : [(await findTree(tmuxContext, session, undefined)).agent];
  const result = await discardTrees(tmuxContext, session, chosen, (doomed) => allow(context, doomed));
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, ...result }, null, 2)}\n`);
  else
    stdout.write(
      formatDiscarded(result)
        .map((line) => `${line}\n`)
        .join(''),
    );
  return 0;
}

/** Throws REFUSED when work would be lost and the user says no or cannot be asked. */
async function allow(context: CommandContext, doomed: readonly Doomed[]): Promise<void> {
  if (context.args.flag('yes')) return;
  const lost = doomed.flatMap(({ record, work }) => {
    const { agent } = record;
    if (work === undefined) return [];
    if (typeof work === 'string') return [cleanLine(`${agent}: ${work}`)];
    return hasWork(work) ? [cleanLine(`${agent}: ${describeWork(work)}`)] : [];
  });
  if (lost.length === 0) return;
  const what = lost.join('; ');
  const canAsk = context.stdin.isTTY && context.stderr.isTTY;
  if (canAsk && (await askYesNo(`This is lost for good: ${what}. Discard?`, false, context))) return;
  throw new AdrError('REFUSED', `work would be lost: ${what}`, {
    hint: canAsk ? 'nothing was discarded' : 'see it: adr-tmux diff; if it may go, give --yes',
  });
}
