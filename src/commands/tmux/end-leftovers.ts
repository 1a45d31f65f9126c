import { stopRuns } from '../../container/runs.ts';
import { AdrError } from '../../errors.ts';
import type { ObservedServer } from '../../session/observed.ts';
import type { Wish } from '../../session/wish.ts';
import { findProcessesByEnvironment, isSameProcessAlive, readVariable } from '../../system/process-table.ts';
import type { TmuxContext } from './context.ts';
import { openSessionEngines } from './session-engine.ts';

/** Agents that just lost their terminal are about to end by themselves. */
const GRACE_S = 5;

/**
 * Ends what is left of a session whose tmux session is gone: containers, processes, runs. Gives how many runs there
 * were. Throws SESSION_EXISTS when it stands on another tmux server, and what its engines say.
 */
export async function endLeftoversOf(
  context: TmuxContext,
  wish: Wish,
  server: ObservedServer,
): Promise<number> {
  refuseElsewhere(wish, server);
  const engines = await openSessionEngines(context, wish);
  const onSilent = (_engine: unknown, error: AdrError) => {
    throw error;
  };
  const { env, clock } = context;
  return (await stopRuns({ sessionId: wish.id }, { env, engines, onSilent, clock }, GRACE_S)).length;
}

/**
 * Without `--socket` the server is the one this terminal is in: the session may well run on another. What its panes
 * started has in its environment on which.
 */
function refuseElsewhere({ id, name }: Wish, server: ObservedServer): void {
  const own = server.id?.split(' ')[0];
  for (const process of findProcessesByEnvironment('ADR_SESSION_ID', id)) {
    const [socket = '', pid = ''] = (readVariable(process, 'TMUX') ?? '').split(',');
    if (pid === '' || pid === own || !isSameProcessAlive(Number(pid), '')) continue;
    throw new AdrError('SESSION_EXISTS', `session "${name}" is still running, on the tmux server ${socket}`, {
      hint: `look at it there: TMUX= tmux -S ${socket} attach -t =adr-${name}`,
    });
  }
}
