import type { TmuxContext } from '../../commands/tmux/context.ts';
import { listResumable } from '../../commands/tmux/resumable.ts';
import { readStatus } from '../../commands/tmux/status.ts';
import { listKeptTrees } from '../../commands/tmux/tree-places.ts';
import { formatSessionJson, formatSessionRows, SESSION_HEADER } from '../../output/format-list.ts';
import { formatKeptTrees } from '../../output/format-trees.ts';
import { observeServer } from '../../session/observed.ts';
import { formatTable } from '../adr/format-table.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux list`. */
export async function runList(context: CommandContext): Promise<number> {
  const { args, stdout, env } = context;
  const tmuxContext = makeTmuxContext(context);
  const report = await readStatus(tmuxContext, args.string('session'));
  const session = args.string('session');
  const kept = (await listKeptTrees(env)).filter((tree) => session === undefined || tree.session === session);
  if (args.flag('quiet')) stdout.write(report.sessions.map(({ name }) => `${name}\n`).join(''));
  else if (args.flag('json')) stdout.write(formatSessionJson(report, kept));
  else if (report.sessions.length > 0)
    stdout.write(formatTable(SESSION_HEADER, formatSessionRows(report, env)));
  else stdout.write('No sessions. Start one: adr-tmux start NAME --agent TYPE\n');
  if (!args.flag('quiet') && !args.flag('json')) {
    if (session === undefined) stdout.write(await describeLost(tmuxContext));
    stdout.write(formatKeptTrees(kept));
  }
  return 0;
}

/** Sessions that a reboot or a dead tmux server took; nothing where there is none. */
async function describeLost(context: TmuxContext): Promise<string> {
  const { sessions } = await listResumable(context, await observeServer(context.tmux));
  const lost = sessions.filter(({ wish }) => wish.stoppedAt === undefined).map(({ wish }) => wish.name);
  return lost.length === 0 ? '' : `Lost, to be brought back with adr-tmux resume: ${lost.join(', ')}\n`;
}
