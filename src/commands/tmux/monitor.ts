import { runMonitor } from '../../activity/monitor.ts';
import { pruneHistories } from '../../activity/read-history.ts';
import { listOnce } from '../../container/known-engines.ts';
import { reapOrphans } from '../../container/runs.ts';
import { observeServer } from '../../session/observed.ts';
import { readStartTime } from '../../system/process-table.ts';
import type { TmuxContext } from './context.ts';
import { toJudgeTools } from './judge-now.ts';
import { makeAnnouncer } from './make-announcer.ts';
import { openSessionEngines } from './session-engine.ts';

/** Runs the monitor of this tmux server until its last session goes or another monitor takes over. */
export async function monitorServer(
  context: TmuxContext,
  signal: AbortSignal,
  onNudge: (listener: () => void) => void,
): Promise<void> {
  const { sessions } = await observeServer(context.tmux);
  await pruneHistories(context.env, new Set(sessions.map(({ id }) => id)));
  await runMonitor({
    ...toJudgeTools(context),
    tmux: context.tmux,
    clock: context.clock,
    self: { pid: process.pid, startTime: readStartTime(process.pid) ?? '', version: context.version },
    announcer: makeAnnouncer(context),
    reap: async (server) => {
      const lists = await Promise.all(server.sessions.map((session) => openSessionEngines(context, session)));
      const engines = listOnce(lists.flat());
      // Each on its own: one that does not answer keeps nobody from the others.
      for (const one of engines.length === 0 ? [[]] : engines.map((engine) => [engine])) {
        await reapOrphans({ env: context.env, engines: one, clock: context.clock }).catch(() => []);
      }
    },
    onNudge,
    signal,
  });
}
