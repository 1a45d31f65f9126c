import { readStatus } from '../../commands/tmux/status.ts';
import { listKeptTrees } from '../../commands/tmux/tree-places.ts';
import { formatSessionJson, formatSessionRows, SESSION_HEADER } from '../../output/format-list.ts';
import { formatKeptTrees } from '../../output/format-trees.ts';
import { formatTable } from '../adr/format-table.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux list`. */
export async function runList(context: CommandContext): Promise<number> {
  const { args, stdout, env } = context;
  const report = await readStatus(makeTmuxContext(context), args.string('session'));
  const session = args.string('session');
  const kept = (await listKeptTrees(env)).filter((tree) => session === undefined || tree.session === session);
  if (args.flag('quiet')) stdout.write(report.sessions.map(({ name }) => `${name}\n`).join(''));
  else if (args.flag('json')) stdout.write(formatSessionJson(report, kept));
  else if (report.sessions.length > 0)
    stdout.write(formatTable(SESSION_HEADER, formatSessionRows(report, env)));
  else stdout.write('No sessions. Start one: adr-tmux start NAME --agent TYPE\n');
  if (!args.flag('quiet') && !args.flag('json')) stdout.write(formatKeptTrees(kept));
  return 0;
}
