import type { TmuxContext } from '../../commands/tmux/context.ts';
import { readStatus } from '../../commands/tmux/status.ts';
import { AdrError } from '../../errors.ts';
import type { ObservedPane, ObservedSession } from '../../session/observed.ts';
import { askYesNo } from '../ask.ts';
import type { CommandContext } from '../command.ts';

/**
 * Asks before agents are ended in the middle of a turn, unless `--yes` was given. `verb` is what would be done to them.
 * Throws REFUSED when the user says no or cannot be asked.
 */
export function makeAtWorkQuestion(
  context: CommandContext,
  tmuxContext: TmuxContext,
  verb: string,
): (session: ObservedSession, panes: readonly ObservedPane[]) => Promise<void> {
  return async ({ name }, panes) => {
    if (context.args.flag('yes')) return;
    const meant = new Set(panes.map(({ pane }) => pane));
    const report = await readStatus(tmuxContext, name);
    const busy = report.sessions
      .flatMap(({ agents }) => agents)
      .filter(({ pane, state }) => meant.has(pane) && (state === 'RUNNING' || state === 'WAITING'));
    if (busy.length === 0) return;
    const names = busy.map(({ agent }) => agent).join(', ');
    const are = busy.length === 1 ? 'is' : 'are';
    const canAsk = context.stdin.isTTY && context.stderr.isTTY;
    if (
      canAsk &&
      (await askYesNo(`${names} ${are} in the middle of a turn. ${verb} anyway?`, false, context))
    ) {
      return;
    }
    throw new AdrError('REFUSED', `${names} ${are} in the middle of a turn`, {
      hint: canAsk ? 'nothing was done' : `wait for its end: adr-tmux wait ${name}, or give --yes`,
    });
  };
}
