import { findOwnerState } from '../../container/labels.ts';
import { listRunRecords } from '../../container/run-directory.ts';
import { stopRuns } from '../../container/runs.ts';
import { AdrError } from '../../errors.ts';
import type { ObservedServer } from '../../session/observed.ts';
import type { Wish } from '../../session/wish.ts';
import { isSameProcessAlive, readVariable } from '../../system/process-table.ts';
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
  await refuseElsewhere(context, wish, server);
  const engines = await openSessionEngines(context, wish);
  const onSilent = (_engine: unknown, error: AdrError) => {
    throw error;
  };
  const { env, clock } = context;
  return (await stopRuns({ sessionId: wish.id }, { env, engines, onSilent, clock }, GRACE_S)).length;
}

/**
 * Without `--socket` the server is the one this terminal is in: the session may well run on another. What its runs
 * have in their environment says on which.
 */
async function refuseElsewhere(
  { env }: TmuxContext,
  { id, name }: Wish,
  server: ObservedServer,
): Promise<void> {
  const own = server.id?.split(' ')[0];
  for (const { sessionId, owner } of await listRunRecords(env)) {
    if (sessionId !== id || findOwnerState(owner) !== 'alive') continue;
    const [socket = '', pid = ''] = (readVariable(owner.pid, 'TMUX') ?? '').split(',');
    if (pid === '' || pid === own || !isSameProcessAlive(Number(pid), '')) continue;
    throw new AdrError('SESSION_EXISTS', `session "${name}" is still running, on the tmux server ${socket}`, {
      hint: `look at it there: TMUX= tmux -S ${socket} attach -t =adr-${name}`,
    });
  }
}
