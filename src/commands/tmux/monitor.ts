import { runMonitor } from '../../activity/monitor.ts';
import { pruneHistories } from '../../activity/read-history.ts';
import { reapOrphans } from '../../container/runs.ts';
import { observeServer } from '../../session/observed.ts';
import { readStartTime } from '../../system/process-table.ts';
import type { TmuxContext } from './context.ts';
import { toJudgeTools } from './judge-now.ts';
import { makeAnnouncer } from './make-announcer.ts';
import { openSessionEngine } from './session-engine.ts';

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
      const engines = new Set(server.sessions.map(({ engine }) => engine));
      for (const name of engines) {
        const engine = openSessionEngine(context, name);
        await reapOrphans({ env: context.env, engine, clock: context.clock });
      }
    },
    onNudge,
    signal,
  });
}
